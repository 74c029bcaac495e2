import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { ViewName, ViewRequest } from '../../src/desk/contract.ts';
import type { Seen } from './stream.ts';
import { LiveStream } from './stream.ts';

export interface Live<V extends ViewName> extends Seen<V> {
  readonly retry: () => void;
}

const NOTHING = { answer: { standing: {} }, connection: { kind: 'connecting' } } as const;

/** One view as long as it is shown; another request is another stream. */
export function useLive<V extends ViewName>(request: ViewRequest & { readonly view: V }): Live<V> {
  const key = JSON.stringify(request);
  const stream = useRef<LiveStream<V> | undefined>(undefined);
  const [shown, setShown] = useState<{ readonly key: string; readonly seen: Seen<V> }>({
    key,
    seen: NOTHING,
  });
  useEffect(() => {
    const made = new LiveStream<V>(JSON.parse(key) as ViewRequest, (seen) => setShown({ key, seen }));
    stream.current = made;
    return () => made.close();
  }, [key]);
  const retry = useCallback(() => stream.current?.retry(), []);
  return { ...(shown.key === key ? shown.seen : NOTHING), retry };
}

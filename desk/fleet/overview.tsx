import type { JSX } from 'preact';
import type { FleetPage } from '../../src/desk/contract.ts';
import { ActingNow } from './acting.tsx';
import { Attention } from './attention.tsx';
import { Budgets } from './budgets.tsx';
import { Journal } from './journal.tsx';
import { NextWindows } from './next-windows.tsx';
import { Waves } from './waves.tsx';

const LATEST = 8;

/** What an operator wants to see at once; each of its parts leads to all of it. */
export function Overview({ page }: { readonly page: FleetPage }): JSX.Element {
  const { journal, name } = page.progress;
  return (
    <div class="overview">
      <Waves page={page} />
      <Attention page={page} />
      <ActingNow page={page} />
      <Budgets page={page} />
      <NextWindows page={page} />
      <Journal entries={journal} latest={LATEST} fleet={name} />
    </div>
  );
}

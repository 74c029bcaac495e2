import type { JSX } from 'preact';
import type { Offered } from '../../src/desk/contract.ts';
import { mayDo, useDesk } from '../app/desk.ts';
import { Command } from './command.tsx';

interface OffersProps {
  readonly offers: readonly Offered[];
  /** About whom, where several stand on a page: for whoever hears the buttons only. */
  readonly about?: string;
  /** With what comes of each, in words. */
  readonly words?: boolean;
}

/** What may be said now. Where nobody may act here, the commands that do the same. */
export function Offers({ offers, about, words }: OffersProps): JSX.Element | null {
  const { info, act } = useDesk();
  if (offers.length === 0) return null;
  return (
    <ul class={words ? 'offers worded' : 'offers'}>
      {offers.map((offer) => {
        const may = mayDo(info, offer.role);
        const title = about === undefined ? offer.label : `${offer.label}: ${about}`;
        if (!may && !words) return null;
        return (
          <li key={offer.command}>
            {may && (
              <button
                type="button"
                class={offer.harmful ? 'harmful' : undefined}
                title={offer.consequence}
                aria-label={title}
                onClick={() => act(offer.act, title)}
              >
                {offer.label}
              </button>
            )}
            {words && (
              <div>
                <p>
                  {!may && <b>{offer.label}: </b>}
                  {offer.consequence}
                </p>
                <Command text={offer.command} />
              </div>
            )}
          </li>
        );
      })}
    </ul>
  );
}

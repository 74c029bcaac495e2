import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { ApiError, PlanAnswer } from '../../src/desk/contract.ts';
import type { FieldChange } from '../../src/domain/tenant/plan.ts';
import type { TenantRef } from '../../src/domain/tenant/tenant.ts';
import { get, problemIn, queryOf } from '../app/api.ts';
import { Problem } from '../parts/notice.tsx';
import { moment } from '../words/time.ts';

/** What the upgrade would change, from what the cluster holds now: asked for only when somebody wants to see it. */
export function PlannedDiff({ tenant }: { readonly tenant: TenantRef }): JSX.Element {
  const [answer, setAnswer] = useState<PlanAnswer>();
  const [problem, setProblem] = useState<ApiError['error']>();
  const [isBusy, setBusy] = useState(false);
  const look = (): void => {
    setBusy(true);
    setProblem(undefined);
    get<PlanAnswer>(`/tenant/plan?${queryOf(tenant)}`)
      .then(setAnswer, (error: unknown) => setProblem(problemIn(error)))
      .finally(() => setBusy(false));
  };
  return (
    <section aria-labelledby="planned">
      <h2 id="planned">What is left to change</h2>
      {problem && <Problem problem={problem} />}
      <p>
        <button type="button" onClick={look} disabled={isBusy}>
          {isBusy ? 'Looking at the cluster …' : answer ? 'Look again' : 'Look at the cluster now'}
        </button>{' '}
        <span class="muted">
          {answer ? `as of ${moment(answer.readAt)}` : 'It is only read. Values of variables are not shown.'}
        </span>
      </p>
      {answer && <Planned answer={answer} />}
    </section>
  );
}

function Planned({ answer: { plan, findings } }: { readonly answer: PlanAnswer }): JSX.Element {
  const steps = plan?.steps.filter(({ status, changes }) => status === 'blocked' || changes.length > 0) ?? [];
  return (
    <>
      {findings.map(({ check, severity, message, hint }) => (
        <p key={`${check} ${message}`} class={severity === 'fatal' ? 'tone-bad' : 'tone-warn'}>
          {severity === 'fatal' ? '✗ stands against it: ' : '! '}
          {message} <span class="muted">{hint}</span>
        </p>
      ))}
      {plan && steps.length === 0 && <p>Nothing: all is as the steps want it.</p>}
      {steps.map(({ id, title, changes, note }) => (
        <div key={id} class="planned">
          <h3>{title}</h3>
          {note !== undefined && <p class="muted">{note}</p>}
          <ul>
            {changes.map((change) => (
              <li key={`${change.object} ${change.path}`}>
                <ChangeLine change={change} />
              </li>
            ))}
          </ul>
        </div>
      ))}
      {plan?.notes.map((note) => (
        <p key={note} class="muted">
          {note}
        </p>
      ))}
    </>
  );
}

function ChangeLine({
  change: { object, path, before, after },
}: {
  readonly change: FieldChange;
}): JSX.Element {
  return (
    <>
      <code>
        {object} {path}
      </code>{' '}
      {before !== undefined && <del>− {before}</del>} {after !== undefined && <ins>+ {after}</ins>}
    </>
  );
}

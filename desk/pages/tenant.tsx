import type { JSX } from 'preact';
import type { TenantPage } from '../../src/desk/contract.ts';
import { isFinal } from '../../src/domain/tenant/progress.ts';
import type { TenantRef } from '../../src/domain/tenant/tenant.ts';
import { queryOf } from '../app/api.ts';
import { Link } from '../app/link.tsx';
import { useLive } from '../app/live.ts';
import { fleetPath } from '../app/route.ts';
import { Age } from '../parts/age.tsx';
import { Marked } from '../parts/marked.tsx';
import { Screen } from '../parts/screen.tsx';
import { markOf, TENANT_MARKS } from '../parts/states.ts';
import { GoingBack } from '../tenant/going-back.tsx';
import { TenantJournal } from '../tenant/journal.tsx';
import { PlannedDiff } from '../tenant/planned.tsx';
import { Situation } from '../tenant/situation.tsx';
import { Steps } from '../tenant/steps.tsx';

export function TenantScreen({ tenant }: { readonly tenant: TenantRef }): JSX.Element {
  const live = useLive({ view: 'tenant', ...tenant });
  return (
    <Screen
      title={`${tenant.context}/${tenant.namespace}`}
      live={live}
      head={(data, fresh) => <TenantHead page={data} fresh={fresh} />}
    >
      {(page) => (
        <>
          <Situation page={page} />
          {page.progress && <Steps progress={page.progress} />}
          <div class="overview">
            <GoingBack page={page} />
            <PlannedDiff tenant={page.tenant} />
            {page.progress && <TenantJournal progress={page.progress} />}
          </div>
        </>
      )}
    </Screen>
  );
}

function TenantHead({
  page,
  fresh,
}: {
  readonly page: TenantPage;
  readonly fresh: JSX.Element | null;
}): JSX.Element {
  const { name, tenant, fleet, line, progress, workflow, runs } = page;
  const state = line?.state;
  const own = progress?.state;
  return (
    <>
      <div class="head">
        <h1>{name}</h1>
        {state !== undefined && <Marked mark={TENANT_MARKS[state]}>{state}</Marked>}
        {own !== undefined && own !== state && <Marked mark={markOf(own)}>{own}</Marked>}
        {progress && (
          <span class="muted">
            {progress.from} → {progress.to}
          </span>
        )}
        {workflow.url !== undefined && (
          <a href={workflow.url} rel="noreferrer">
            in Temporal
          </a>
        )}
        {progress && <a href={`/api/report?${queryOf(tenant)}`}>report</a>}
        {fresh}
      </div>
      <p class="muted under-head">
        {tenant.context}/{tenant.namespace} at {tenant.cluster}
        {fleet !== undefined && (
          <>
            {' '}
            · <Link to={fleetPath(fleet)}>fleet {fleet}</Link>
            {line && `, wave ${line.wave}`}
          </>
        )}
        {progress && !isFinal(progress.state) && (
          <>
            {' '}
            · began <Age at={progress.startedAt} /> ago
          </>
        )}
        {runs.length > 1 && ` · ${runs.length} runs`}
      </p>
    </>
  );
}

// How far a run is, as the server tells it while it goes.
import { Progress as Bar } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Progress, Run } from '../../src/api/contract/runs.ts';
import { count, PHASE, RUN_KIND, useLabel } from './words.ts';

export function RunProgress({
  id,
  kind,
  known = null,
}: {
  readonly id: string;
  readonly kind: Run['kind'];
  readonly known?: Progress | null;
}) {
  const label = useLabel();
  const live = useQuery<Progress | null>({ queryKey: ['progress', id], enabled: false });
  const progress = live.data ?? known;
  const phase =
    progress === null
      ? 'Beginning'
      : PHASE[progress.phase].replace('{crm}', label('crm')).replace('{marketing}', label('marketing'));
  const share =
    progress === null || progress.total === null || progress.total === 0 ? null : progress.done / progress.total;
  return (
    <div className="notice" data-tone="info">
      <div className="stack tight">
        <div className="line-apart">
          <span>
            <Link to="/runs/$run" params={{ run: id }}>
              {RUN_KIND[kind]}
            </Link>
            : {phase}
          </span>
          <span>
            {progress !== null &&
              `${count(progress.done)}${progress.total === null ? '' : ` of ${count(progress.total)}`}`}
          </span>
        </div>
        <Bar
          value={share === null ? 100 : share * 100}
          animated={share === null}
          striped={share === null}
          aria-label={`${RUN_KIND[kind]}: ${phase}`}
        />
      </div>
    </div>
  );
}

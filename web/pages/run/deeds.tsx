// What may be decided about a run: approve, reject, undo with a look first, break off.
import { Button } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import type { RouteId } from '../../../src/api/contract/routes.table.ts';
import type { RunDetail } from '../../../src/api/contract/runs.ts';
import { useAct } from '../../api/queries.ts';
import { useMay } from '../../api/session.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { Failed } from '../../parts/page.tsx';
import { counted, RUN_KIND } from '../../parts/words.ts';

const TOUCHED: readonly RouteId[] = ['getRun', 'listRuns', 'listRunActions', 'getOverview'];

export function RunDeeds({ of }: { readonly of: RunDetail }) {
  const may = useMay('operator');
  const navigate = useNavigate();
  const approve = useAct('approveRun', TOUCHED);
  const reject = useAct('rejectRun', TOUCHED);
  const preview = useAct('previewUndo', TOUCHED);
  const undo = useAct('undoRun', TOUCHED);
  const cancel = useAct('cancelRun', TOUCHED);
  if (!may) return null;
  const params = { run: of.id };
  const open = ({ id }: { readonly id: string }): Promise<void> =>
    navigate({ to: '/runs/$run', params: { run: id }, search: {} });
  const undone = of.about.undoes;
  return (
    <>
      <Failed of={preview.error ?? cancel.error} />
      {of.may.approve && (
        <>
          <Confirm
            label="Approve"
            title="Apply what waits?"
            onConfirm={() => approve.mutateAsync({ params }).then(open)}
          >
            {counted(of.parked, 'write')} wait. Each is decided again with what both sides say now; what no longer holds
            is dropped and named.
          </Confirm>
          <Confirm
            label="Reject"
            title="Let these writes fall?"
            quiet
            danger
            onConfirm={() => reject.mutateAsync({ params })}
          >
            {counted(of.parked, 'write')} will not be made. Nothing else of this run is taken back.
          </Confirm>
        </>
      )}
      {of.may.undo && (
        <Button
          variant="default"
          loading={preview.isPending}
          onClick={() => preview.mutate({ params }, { onSuccess: (started) => void open(started) })}
        >
          Preview undo
        </Button>
      )}
      {of.kind === 'plan' && undone !== null && of.state !== 'running' && (
        <Confirm
          label="Undo"
          danger
          title="Take the run back?"
          onConfirm={() => undo.mutateAsync({ params: { run: undone } }).then(open)}
        >
          The values of before are written back, as this plan shows. Records the run had made are deleted, under the
          limit for deletes.
        </Confirm>
      )}
      {of.cancellable && (
        <Confirm
          label="Break off"
          quiet
          title={`Break off this ${RUN_KIND[of.kind].toLowerCase()}?`}
          onConfirm={() => cancel.mutateAsync({ params })}
        >
          What is written stays written; the next run goes on from there.
        </Confirm>
      )}
    </>
  );
}

// Editing a saved connection. What somebody else saves meanwhile is told, never overwritten.
import { useNavigate, useParams } from '@tanstack/react-router';
import type { Connection } from '../../src/api/contract/connections.ts';
import { useRead } from '../api/queries.ts';
import { useMay } from '../api/session.ts';
import { type Draft, type Settings, useDraft } from '../editor/draft.ts';
import { Editor } from '../editor/editor.tsx';
import { Empty, Page, Read } from '../parts/page.tsx';
import { Notice } from '../parts/show.tsx';

export function EditConnection() {
  const { connection: name } = useParams({ from: '/connections/$connection/edit' });
  const may = useMay('admin');
  const connection = useRead('getConnection', { params: { connection: name } });
  return (
    <Page title={`Edit ${name}`}>
      {may ? (
        <Read of={connection} data={connection.data}>
          {(of) =>
            of.source === 'file' ? (
              <Empty title="Managed by the configuration file">It is edited there, or taken over first.</Empty>
            ) : (
              <Edit of={of} />
            )
          }
        </Read>
      ) : (
        <Empty title="This is for administrators">You may look at the connection, not change it.</Empty>
      )}
    </Page>
  );
}

const draftOf = ({ name, version, settings }: Connection): Draft => ({
  connection: name,
  version,
  settings: settings as unknown as Settings,
  authorization: null,
});

function Edit({ of }: { readonly of: Connection }) {
  const navigate = useNavigate();
  const editor = useDraft(of.name, draftOf(of));
  const { draft, changed, reset } = editor;
  return (
    <>
      {changed && draft.version !== of.version && (
        <Notice tone="warn">
          {of.savedBy ?? 'Somebody'} saved this connection while you were editing. Saving is refused until you load what
          is saved.
        </Notice>
      )}
      <Editor
        editor={editor}
        saved={of}
        onSaved={(saved) => {
          reset(draftOf(saved));
          void navigate({ to: '/connections/$connection', params: { connection: saved.name } });
        }}
        onReload={() => reset(draftOf(of))}
      />
    </>
  );
}

// The set-up wizard: two accounts become a connection that is saved, and then led to its first alignment.
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useMay } from '../api/session.ts';
import { type Draft, useDraft } from '../editor/draft.ts';
import { Editor } from '../editor/editor.tsx';
import { Empty, Page } from '../parts/page.tsx';

const NEW: Draft = {
  connection: null,
  version: 0,
  settings: { name: 'main', profile: 'recommended', contacts: { enabled: true } },
  authorization: null,
};

export function Connect() {
  const { authorization } = useSearch({ from: '/connect' });
  const navigate = useNavigate();
  const may = useMay('admin');
  const editor = useDraft('new', NEW);
  const { set, reset } = editor;
  useEffect(() => {
    if (authorization === undefined) return;
    set({ authorization });
    void navigate({ to: '/connect', search: {}, replace: true });
  }, [authorization, set, navigate]);
  return (
    <Page
      title="Connect two accounts"
      lead="Five short steps. Nothing is written to either side before you have seen what would be."
    >
      {may ? (
        <Editor
          editor={editor}
          saved={null}
          onSaved={({ name }) => {
            reset(NEW);
            void navigate({ to: '/connections/$connection', params: { connection: name } });
          }}
        />
      ) : (
        <Empty title="This is for administrators">Ask one to connect the accounts.</Empty>
      )}
    </Page>
  );
}

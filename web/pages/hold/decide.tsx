// The question of a hold with its answers, each with what it will do. Answered once; the next run carries it out.
import type { HoldDetail } from '../../../src/api/contract/holds.ts';
import { useAct } from '../../api/queries.ts';
import { useMay } from '../../api/session.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { Moment } from '../../parts/moment.tsx';
import { Card } from '../../parts/page.tsx';
import { Notice } from '../../parts/show.tsx';

type Choice = HoldDetail['choices'][number]['choice'];

const ANSWER: { readonly [C in Choice]: string } = {
  link: 'This is the person',
  relink: 'Link them',
  swap: 'They swapped',
  restore: 'Put it back',
  create: 'Make it all the same',
  delete: 'Delete it',
  keep: 'Keep it',
  'keep-apart': 'Leave them apart',
};

export function Decide({ hold }: { readonly hold: HoldDetail }) {
  const may = useMay('operator');
  const decide = useAct('decideHold', ['getHold', 'listHolds', 'countHolds', 'getPerson', 'getOverview']);
  const { decided, choices, question } = hold;
  return (
    <Card title={question ?? 'What is to be done?'}>
      <ul className="plain-list answers">
        {choices.map(({ choice, means }) => (
          <li key={choice} className="suggestion">
            <div>
              <span className="strong">{ANSWER[choice]}</span>
              <div className="small dim">{means[0]?.toUpperCase() + means.slice(1)}.</div>
            </div>
            {may && (
              <Confirm
                label={ANSWER[choice]}
                title={question ?? ANSWER[choice]}
                quiet
                small
                danger={choice === 'delete'}
                disabled={decided?.choice === choice}
                onConfirm={() => decide.mutateAsync({ params: { hold: hold.id }, body: { choice } })}
              >
                The next run will do this: {means}. The answer is kept under your name, and the question is not asked
                again.
              </Confirm>
            )}
          </li>
        ))}
      </ul>
      {decided !== null && (
        <Notice tone="good">
          {decided.by} answered “{ANSWER[decided.choice]}” <Moment at={decided.at} />. The next run carries it out;
          until then the answer can be changed.
        </Notice>
      )}
      {!may && <p className="small dim">An operator or an administrator answers this.</p>}
    </Card>
  );
}

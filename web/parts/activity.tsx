// Writes by day as bars, with the same figures as a table for those who do not see bars.
import type { ActivityDay } from '../../src/api/contract/service.ts';
import { count, useLabel } from './words.ts';

const HEIGHT = 150;
const FOOT = 20;
const SLOT = 60;
const SERIES = ['crm', 'marketing', 'failed'] as const;

const dayText = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });

export function Activity({ days }: { readonly days: readonly ActivityDay[] }) {
  const label = useLabel();
  const names = { crm: `to ${label('crm')}`, marketing: `to ${label('marketing')}`, failed: 'failed' };
  const top = Math.max(1, ...days.map((day) => day.crm + day.marketing + day.failed));
  const total = days.reduce((sum, day) => sum + day.crm + day.marketing, 0);
  if (total === 0) return <p className="dim">Nothing was written in these days.</p>;
  return (
    <figure className="chart">
      <svg viewBox={`0 0 ${days.length * SLOT} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        {days.map((day, slot) => {
          let below = HEIGHT - FOOT;
          return SERIES.map((series) => {
            const tall = (day[series] / top) * (HEIGHT - FOOT - 8);
            below -= tall;
            return (
              <rect
                key={`${day.day} ${series}`}
                className={series}
                x={slot * SLOT + 12}
                y={below}
                width={SLOT - 24}
                height={tall}
              >
                <title>{`${dayText.format(new Date(day.day))}: ${count(day[series])} ${names[series]}`}</title>
              </rect>
            );
          });
        })}
        <line className="axis" x1="0" x2={days.length * SLOT} y1={HEIGHT - FOOT} y2={HEIGHT - FOOT} />
      </svg>
      <div className="days" aria-hidden="true">
        {days.map(({ day }, slot) => (
          <span key={day}>{slot % 2 === days.length % 2 ? '' : dayText.format(new Date(day))}</span>
        ))}
      </div>
      <ul className="legend">
        {SERIES.map((series) => (
          <li key={series}>
            <svg viewBox="0 0 12 12" aria-hidden="true">
              <rect className={series} width="12" height="12" rx="3" />
            </svg>
            {names[series]}
          </li>
        ))}
        <li>highest day: {count(top)}</li>
      </ul>
      <div className="visually-hidden">
        <table>
          <caption>Writes by day</caption>
          <thead>
            <tr>
              <th scope="col">Day</th>
              {SERIES.map((series) => (
                <th key={series} scope="col">
                  {names[series]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {days.map((day) => (
              <tr key={day.day}>
                <th scope="row">{dayText.format(new Date(day.day))}</th>
                {SERIES.map((series) => (
                  <td key={series}>{day[series]}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  );
}

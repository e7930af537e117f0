// The few signs of the dashboard, drawn here: a library of thousands would be for twenty. Always decoration; words stand beside them.
const PATHS = {
  overview: 'M4 13h6V4H4zM14 20h6v-9h-6zM4 20h6v-3H4zM14 7h6V4h-6z',
  runs: 'M20 11a8 8 0 0 0-14.9-3M4 4v4h4M4 13a8 8 0 0 0 14.9 3M20 20v-4h-4',
  holds: 'M12 8v5M12 16.5v.01M10.3 4 3 17a2 2 0 0 0 1.7 3h14.6a2 2 0 0 0 1.7-3L13.7 4a2 2 0 0 0-3.4 0z',
  people:
    'M9 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM2.5 20c.6-3.6 3.2-5.5 6.5-5.5s5.900 1.900 6.500 5.500M16 4a3.500 3.500 0 0 1 0 6.700M18 15c2 .7 3.200 2.400 3.500 5',
  alerts: 'M6 17V11a6 6 0 0 1 12 0v6l1.5 2h-15zM10 21.500h4',
  lists: 'M9 6h11M9 12h11M9 18h11M4.500 6v.01M4.500 12v.01M4.500 18v.01',
  catalogue: 'M12 3 4 7.200v9.600L12 21l8-4.200V7.200zM4 7.200l8 4.300 8-4.300M12 11.500V21',
  connections:
    'M9 15l6-6M11 6l1.500-1.500a4.500 4.500 0 0 1 6.500 6.500L17 13M13 18l-1.500 1.500A4.500 4.500 0 0 1 5 13l2-2',
  settings: 'M4 7h9M17 7h3M4 17h3M11 17h9M15 4.500v5M9 14.500v5',
  users: 'M12 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.500 21c.7-4.300 3.600-6.500 7.500-6.500s6.800 2.200 7.500 6.500',
  tokens: 'M14.500 13.500a5 5 0 1 0-4-4L4 16v4h4v-2.500h2.500V15zM16 8v.01',
  audit: 'M7 3h7l5 5v13H7zM14 3v5h5M10 13h6M10 17h6',
  search: 'M10.500 17a6.500 6.500 0 1 0 0-13 6.500 6.500 0 0 0 0 13zM20 20l-4.700-4.700',
  good: 'M5 12.500 10 17.500 19.500 7',
  bad: 'M6.500 6.500l11 11M17.500 6.500l-11 11',
  info: 'M12 11v5.500M12 7.500v.01M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z',
  out: 'M14 5h5v5M19 5l-8 8M10 6H5v13h13v-5',
  sun: 'M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 2.500v2M12 19.500v2M2.500 12h2M19.500 12h2M5.300 5.300l1.400 1.400M17.300 17.300l1.400 1.400M5.300 18.700l1.400-1.400M17.300 6.700l1.400-1.400',
  moon: 'M20 14.500A8.500 8.500 0 1 1 9.500 4a7 7 0 0 0 10.500 10.500z',
} as const;
export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 18 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.75"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}

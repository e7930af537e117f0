// Name and sign.
export function Logo() {
  return (
    <span className="brand">
      <svg width="28" height="28" viewBox="0 0 32 32" aria-hidden="true">
        <rect width="32" height="32" rx="8" fill="#0b5f68" />
        <path
          d="M9 12h11m0 0-4-4m4 4-4 4M23 20H12m0 0 4-4m-4 4 4 4"
          fill="none"
          stroke="#fff"
          strokeWidth="2.4"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      </svg>
      Lockstep
    </span>
  );
}

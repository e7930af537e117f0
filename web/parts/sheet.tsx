// A longer text as it stands, such as a configuration file; scrolls in its own frame.
export function Sheet({ label, text }: { readonly label: string; readonly text: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a frame that scrolls has to be reachable by keyboard
    <section className="sheet" tabIndex={0} aria-label={label}>
      <pre>{text}</pre>
    </section>
  );
}

// Mailboxes that belong to a machine or an office and that mailing services block. A short closed list; never a guess.

// RFC 2142 names `abuse` and `postmaster`; the others answer to nobody or report spam. Offices that people do read
// (info, sales, support, admin, webmaster …) stay out on purpose: small firms subscribe with them.
const BLOCKED: ReadonlySet<string> = new Set([
  'abuse',
  'postmaster',
  'mailer-daemon',
  'mailerdaemon',
  'noreply',
  'no-reply',
  'no_reply',
  'no.reply',
  'donotreply',
  'do-not-reply',
  'do_not_reply',
  'do.not.reply',
  'spam',
  'bounce',
  'bounces',
  'devnull',
]);

/**
 * True when the address (or local part), in normal form, is one that mailing services refuse as a blocked local part.
 * A plus part does not change whose mailbox it is. Hold `EMAIL_BLOCKED`. (C19)
 */
export function isBlockedLocalPart(key: string): boolean {
  const at = key.lastIndexOf('@');
  const local = at === -1 ? key : key.slice(0, at);
  const plus = local.indexOf('+');
  return BLOCKED.has(plus > 0 ? local.slice(0, plus) : local);
}

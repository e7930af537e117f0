// Asks the same of many records, some at once. Keeps their order.

/** Single reads under way at once; pacing still applies. */
const AT_ONCE = 8;

export async function askEach<T>(
  ids: readonly string[],
  ask: (id: string) => Promise<T>,
): Promise<readonly { readonly id: string; readonly answer: T }[]> {
  const answers: { readonly id: string; readonly answer: T }[] = [];
  for (let start = 0; start < ids.length; start += AT_ONCE) {
    answers.push(
      ...(await Promise.all(ids.slice(start, start + AT_ONCE).map(async (id) => ({ id, answer: await ask(id) })))),
    );
  }
  return answers;
}

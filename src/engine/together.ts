// Work of one run that goes on side by side. A run that ends while part of it still writes would leave writes to nobody.

/** Waits until all have ended, well or not. @throws what the first of them to fail failed with */
export async function together(work: readonly Promise<void>[]): Promise<void> {
  const failed: unknown[] = [];
  await Promise.all(work.map((one) => one.catch((error: unknown) => void failed.push(error))));
  if (failed.length > 0) throw failed[0];
}

/** Waiting for what sockets and other processes bring about: for as long as a busy machine may need. */

export const patience = 60_000;

/** Resolves once it holds; rejects where it never does. `told`: what else the error is to say. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  what = "it",
  told: () => string = () => "nothing more is known",
): Promise<void> {
  await found(async () => ((await holds()) ? true : undefined), what, told);
}

/** Resolves with what is found, once it is. */
export async function found<T>(
  look: () => T | undefined | Promise<T | undefined>,
  what = "it",
  told: () => string = () => "nothing more is known",
): Promise<T> {
  for (const end = performance.now() + patience; ; ) {
    const one = await look();
    if (one !== undefined) return one;
    if (performance.now() > end) throw new Error(`${what} never came: ${told()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

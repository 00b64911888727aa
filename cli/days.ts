/** What is left until a day comes, in words and in whole days. */

export const day = 86_400_000;

/** When something holds: from the first millisecond, before `until`. */
export interface Term {
  readonly from: number;
  readonly until: number;
}

/** Whole days until the end; below nought since then. */
export const daysLeft = ({ until }: Term, at: number): number => Math.floor((until - at) / day);

export function leftText({ from, until }: Term, at: number): string {
  if (at >= until) return `ended ${daysText(at - until)} ago`;
  return at < from ? `begins in ${daysText(from - at)}` : `${daysText(until - at)} left`;
}

/** A length of time, in milliseconds, as whole days. */
export function daysText(length: number): string {
  const days = Math.floor(length / day);
  return days === 0 ? "less than a day" : days === 1 ? "1 day" : `${days} days`;
}

export const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** The last day of a term. */
export const lastDayOf = ({ until }: Term): string => dayOf(until - 1);

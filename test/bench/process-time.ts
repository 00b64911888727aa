/** Processor time of other processes, as Linux tells it. */
import { readdirSync, readFileSync } from "node:fs";

/** USER_HZ: what /proc counts in (proc(5)); 100 on every platform of Node. */
const ticksPerSecond = 100;

interface ProcessStat {
  readonly parent: number;
  readonly seconds: number;
}

/** undefined: it has ended. proc(5): the name, in brackets, may hold blanks; times are the 14th and 15th field. */
function statOf(pid: number): ProcessStat | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { parent: Number(fields[1]), seconds: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond };
  } catch {
    return undefined;
  }
}

/** Seconds that the process and all that descend from it have used, of those that run now. */
export function secondsOfTree(root: number): number {
  const stats = new Map<number, ProcessStat>();
  for (const name of readdirSync("/proc")) {
    const stat = /^\d+$/.test(name) ? statOf(Number(name)) : undefined;
    if (stat !== undefined) stats.set(Number(name), stat);
  }
  let seconds = 0;
  for (const [pid, stat] of stats) {
    let above: number | undefined = pid;
    while (above !== undefined && above !== root) above = stats.get(above)?.parent;
    if (above === root) seconds += stat.seconds;
  }
  return seconds;
}

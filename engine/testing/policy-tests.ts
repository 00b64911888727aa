/** Runs the tests that stand in a policy. */
import type { Expectation, Origin, Policy, PolicyTest } from "../../grammar/model.ts";
import { policyText, readText } from "../conditions/comparison-text.ts";
import { holds, type Scene } from "../conditions/conditions.ts";
import type { Decision } from "../decision.ts";
import type { Engine, EngineContext } from "../engine.ts";
import type { PolicyEvent } from "../event.ts";
import { Interpreter } from "../interpret.ts";
import { fieldOf } from "../message/tree.ts";
import { handshakeScene } from "../trust/handshake.ts";
import { brokenAssertions } from "./assertions.ts";
import { Coverage, type RuleCoverage } from "./coverage.ts";
import { eventOfTest, policyOfTest } from "./test-event.ts";

export interface PolicyTestReport {
  readonly results: readonly PolicyTestResult[];
  readonly coverage: readonly RuleCoverage[];
}

export interface PolicyTestResult {
  readonly name: string;
  readonly origin: Origin;
  readonly passed: boolean;
  /** In order of the expectations, then of the assertions. */
  readonly failures: readonly PolicyTestFailure[];
  readonly event: PolicyEvent;
  readonly decision: Decision;
}

export interface PolicyTestFailure {
  /** Of the expectation, or of the assertion. */
  readonly origin: Origin;
  readonly expected: string;
  readonly found: string;
}

/**
 * Every test by its own event and clock; each event is held against the policy's assertions
 * too. A policy with the options of a test gets an engine of its own.
 */
export function runPolicyTests(policy: Policy, makeEngine: (policy: Policy) => Engine): PolicyTestReport {
  const coverage = new Coverage(policy);
  const standard = makeEngine(policy);
  const results = policy.tests.map((test) => {
    const tested = policyOfTest(policy, test);
    const engine = tested === policy ? standard : makeEngine(tested);
    const interpreter = new Interpreter(tested, noAuthorities);
    const event = eventOfTest(tested, test);
    coverage.add(interpreter, noAuthorities, event);
    return runTest(test, engine, interpreter, event);
  });
  return { results, coverage: coverage.report() };
}

/** Certificates of tests say themselves who signed them. */
const noAuthorities: EngineContext = { authorities: new Map() };

function runTest(
  test: PolicyTest,
  engine: Engine,
  interpreter: Interpreter,
  event: PolicyEvent,
): PolicyTestResult {
  const decision = engine.decide(event);
  const outcome = outcomeOf(interpreter, event, decision);
  const unmet = test.expectations.flatMap((expectation) => check(expectation, decision, outcome));
  const broken =
    event.kind === "message" && decision.kind === "message"
      ? brokenAssertions(interpreter, event, decision)
      : [];
  const failures = [
    ...unmet,
    ...broken.map(({ origin, kind, name }) => ({
      origin,
      expected: `${kind} "${name}"`,
      found: "the message of this test breaks it",
    })),
  ];
  return { name: test.name, origin: test.origin, passed: failures.length === 0, failures, event, decision };
}

/** What expectations read: the message as sent, or the handshake. Nothing is sent on reject. */
interface Outcome {
  readonly scene: Scene | undefined;
  readonly text: string;
  readonly rows: readonly string[];
}

function outcomeOf(interpreter: Interpreter, event: PolicyEvent, decision: Decision): Outcome {
  if (event.kind === "handshake") {
    const scene = handshakeScene(interpreter.policy, noAuthorities, event);
    return { scene, text: "", rows: [] };
  }
  if (decision.kind !== "message" || decision.bytes === undefined)
    return { scene: undefined, text: "", rows: [] };
  const { bytes } = decision;
  const scene = interpreter.sceneOf({ ...event, bytes });
  const spans = scene?.tree.fields.flatMap(({ rows }) => rows.map(({ row }) => row)) ?? [];
  return {
    scene,
    text: readText(bytes, 0, bytes.length),
    rows: spans.map(({ start, end }) => readText(bytes, start, end).replace(/\r\n$/, "")),
  };
}

function check(expectation: Expectation, decision: Decision, outcome: Outcome): readonly PolicyTestFailure[] {
  const { origin } = expectation;
  const fail = (expected: string, found: string): readonly PolicyTestFailure[] => [
    { origin, expected, found },
  ];
  switch (expectation.kind) {
    case "verdict":
      return checkVerdict(expectation, decision);
    case "no-fields": {
      const { tree } = outcome.scene ?? {};
      const present =
        tree === undefined ? [] : expectation.fields.filter((name) => fieldOf(tree, name) !== undefined);
      return present.length === 0
        ? []
        : fail(`no ${expectation.fields.join(", ")}`, `${present.join(", ")} in what is sent`);
    }
    case "condition":
      if (outcome.scene !== undefined && holds(expectation.condition, outcome.scene)) return [];
      return fail(
        "the condition to hold",
        outcome.scene === undefined ? "nothing is sent" : "it does not hold",
      );
    case "line":
      if (outcome.rows.includes(policyText(expectation.text))) return [];
      return fail(`the row \`${expectation.text}\``, nearestRow(expectation.text, outcome.rows));
    case "text":
    case "no-text": {
      const isThere = outcome.text.includes(policyText(expectation.text));
      if (isThere === (expectation.kind === "text")) return [];
      return fail(
        `${isThere ? "no " : ""}text \`${expectation.text}\``,
        `it is ${isThere ? "" : "not "}in what is sent`,
      );
    }
    case "mark": {
      const marks = decision.kind === "message" ? decision.marks : [];
      return marks.includes(expectation.name) ? [] : fail(`mark ${expectation.name}`, listed("mark", marks));
    }
    case "rule": {
      const names = decision.rules.map(({ name }) => name);
      return names.includes(expectation.name) ? [] : fail(`rule ${expectation.name}`, listed("rule", names));
    }
  }
}

function checkVerdict(
  { origin, verdict, status, reason }: Extract<Expectation, { readonly kind: "verdict" }>,
  decision: Decision,
): readonly PolicyTestFailure[] {
  const found = decision.kind === "message" ? decision.status : undefined;
  const isMet =
    decision.verdict === verdict &&
    (status === undefined || status === found) &&
    (reason === undefined || reason === decision.reason);
  if (isMet) return [];
  const given =
    decision.verdict === "reject" ? verdictText("reject", found, decision.reason) : decision.verdict;
  return [{ origin, expected: verdictText(verdict, status, reason), found: given }];
}

function verdictText(verdict: string, status: number | undefined, reason: string | undefined): string {
  return [verdict, status, reason === undefined ? undefined : `"${reason}"`]
    .filter((word) => word !== undefined)
    .join(" ");
}

/** The row of the same name, for the eye. */
function nearestRow(wanted: string, rows: readonly string[]): string {
  const name = wanted.split(":")[0]!.trim().toLowerCase();
  const near = rows.filter((row) => row.split(":")[0]!.trim().toLowerCase() === name);
  return near.length === 0
    ? `no row of ${wanted.split(":")[0]!.trim()}`
    : near.map((row) => `\`${row}\``).join(", ");
}

function listed(what: string, names: readonly string[]): string {
  return names.length === 0 ? `no ${what}` : `${what} ${names.join(", ")}`;
}

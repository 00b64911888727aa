/** Model and event in, decision out. */

export { type CompiledEngine, compile } from "./compile/compile.ts";
export { atomText } from "./conditions/condition-text.ts";
export type {
  AppliedEdit,
  AppliedRule,
  Assessment,
  Decision,
  Explanation,
  HandshakeDecision,
  MessageDecision,
  SyntaxViolation,
} from "./decision.ts";
export type { Engine, EngineContext, Entered } from "./engine.ts";
export type {
  CertificateFacts,
  ConnectionFacts,
  EnteringMessage,
  HandshakeEvent,
  MessageEvent,
  NetworkEnd,
  PolicyEvent,
  TlsFacts,
  Transport,
} from "./event.ts";
export { Interpreter, interpret } from "./interpret.ts";
export * from "./networks/index.ts";
export {
  type Decided,
  type DecidedFor,
  type DecideOptions,
  decide,
  type ReceivedMessage,
  type WaitingHandshake,
} from "./pipeline.ts";
export { brokenAssertions } from "./testing/assertions.ts";
export type { ConditionCoverage, RuleCoverage } from "./testing/coverage.ts";
export {
  type PolicyTestFailure,
  type PolicyTestReport,
  type PolicyTestResult,
  runPolicyTests,
} from "./testing/policy-tests.ts";
export { defaultTestClock, eventOfTest, policyOfTest } from "./testing/test-event.ts";
export { type ConnectionOverrides, declaredConnection } from "./trust/declared-connection.ts";
export { strangerNetwork } from "./trust/ends.ts";
export * from "./trust/index.ts";

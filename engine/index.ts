/** Model and event in, decision out. */
export { brokenAssertions } from "./assertions.ts";
export { type CompiledEngine, compile } from "./compile/compile.ts";
export { atomText } from "./condition-text.ts";
export type { ConditionCoverage, RuleCoverage } from "./coverage.ts";
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
export { type ConnectionOverrides, declaredConnection } from "./declared-connection.ts";
export { strangerNetwork } from "./ends.ts";
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
export {
  type Decided,
  type DecidedFor,
  type DecideOptions,
  decide,
  type ReceivedMessage,
  type WaitingHandshake,
} from "./pipeline.ts";
export {
  type PolicyTestFailure,
  type PolicyTestReport,
  type PolicyTestResult,
  runPolicyTests,
} from "./policy-tests.ts";
export { defaultTestClock, eventOfTest, policyOfTest } from "./test-event.ts";

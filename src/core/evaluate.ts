import type { Policy } from './policy/compilePolicy.ts';
import { decide } from './decide/decide.ts';
import { describe } from './describe/describe.ts';
import type { Evaluation } from './decide/evaluation.ts';
import type { Request } from './request.ts';
import type { SessionFacts } from './decide/session.ts';
import type { Surroundings } from './surroundings.ts';

/** Reads a request and decides it: the whole pure part of the gate in one call */
export function evaluate(request: Request, surroundings: Surroundings, policy: Policy, session: SessionFacts): Evaluation {
  return decide(request, describe(request, surroundingsUnder(surroundings, policy)), policy, session);
}

/** The surroundings as a request is read in under a policy: with the rows that the user added to the table of commands */
export function surroundingsUnder(surroundings: Surroundings, policy: Policy): Surroundings {
  return policy.userRows === undefined ? surroundings : { ...surroundings, userRows: policy.userRows };
}

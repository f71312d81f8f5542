import * as z from 'zod/mini';
import { decisions, type Decision } from '../decision.ts';
import type { Request } from '../request.ts';
import { firstIssue } from './firstIssue.ts';
import { readRequest, type Reading } from './requestSchema.ts';

/** What a policy promises of one request */
export interface PolicyTest {
  readonly name?: string;
  readonly request: Request;
  readonly decision: Decision;
}

const testSchema = z.strictObject({ name: z.optional(z.string().check(z.maxLength(500))), request: z.unknown(), decision: z.enum(decisions) });

/** Tests as a policy file (`tests`) or `.cowork/tests.json` holds them; a key that is not known may be a slip, so it is refused */
export const policyTestsSchema = z.array(testSchema).check(z.maxLength(10_000));

/** Reads tests; `message` is one sentence that names the test */
export function readPolicyTests(value: unknown): Reading<readonly PolicyTest[]> {
  const read = policyTestsSchema.safeParse(value);
  if (!read.success) return { ok: false, message: `tests: ${firstIssue(read.error)}` };
  const tests: PolicyTest[] = [];
  for (const [index, { name, request, decision }] of read.data.entries()) {
    const asked = readRequest(request);
    if (!asked.ok) return { ok: false, message: `tests[${index}].request: ${asked.message}` };
    tests.push({ ...(name === undefined ? {} : { name }), request: asked.value, decision });
  }
  return { ok: true, value: tests };
}

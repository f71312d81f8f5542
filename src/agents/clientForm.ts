import type { Request } from '../core/request.ts';
import { answer, denial, editedElsewhere, reasonText, silence } from './answerText.ts';
import type { Client, HookCall, HookOutput, JsonObject, Ruling } from './hookCall.ts';
import { isObject, textAt } from './readJson.ts';
import { toolNamed, toolTable } from './toolNames.ts';

/** All that differs between one agent's hooks and another's, as data; `clientOf` makes the rest of it */
export interface ClientForm {
  readonly id: string;
  readonly title: string;
  /** Seconds; see `Client` */
  readonly deadline: number;
  /** Its tools by its own names (`toolTable`) */
  readonly tools: string;
  /** Keys of a call, the first of which that is there names its event */
  readonly eventKeys: readonly string[];
  /** The events before a tool runs; the first is its usual one, and stands for a call without any of `eventKeys` where `mayBeUnnamed` */
  readonly events: Readonly<Record<string, EventForm>>;
  readonly mayBeUnnamed?: true;
  /** Words: events that come when no tool is about to run */
  readonly otherEvents: string;
}

/** One event: where the parts of its call lie, and how it is answered */
export interface EventForm {
  /** Throws a `SyntaxError` for people where the call cannot be read; `undefined` where another event decides the same call */
  readonly parts: (payload: JsonObject) => CallParts | undefined;
  readonly answers: Answers;
  /** In place of the client's own names (`toolTable`) */
  readonly tools?: string;
}

/** The parts of a tool call, as they came */
export interface CallParts {
  readonly name: unknown;
  readonly input: unknown;
  readonly session: unknown;
  readonly cwd: unknown;
  readonly subAgent?: string | undefined;
  readonly server?: string | undefined;
  readonly roots?: readonly string[];
  /** Who calls, where that is not the client itself */
  readonly agent?: string;
}

/** The JSON of each answer */
export interface Answers {
  /** `undefined`: by silence */
  readonly allow: (reason: string) => JsonObject | undefined;
  /** Absent where the client runs only the input it asked about; an edited call is denied then, and asked for again */
  readonly edited?: (reason: string, input: JsonObject) => JsonObject;
  /** Absent where its "ask" may end in something else than a person's answer or a denial; ours is a denial then */
  readonly ask?: (reason: string) => JsonObject;
  readonly deny: (reason: string) => JsonObject;
  /** Set where a denial with another exit code would be a failure that lets the tool run */
  readonly deniesWithCodeZero?: true;
}

/**
 * Characters of an answer that a pipe takes at once: of a longer one a hook that is killed may have written half, which some
 * clients take for an allow of the call as it was
 */
const longestAnswer = 15_000;

/** Ids that clients make are short; so are names of tools and servers, in characters */
const longestSession = 200;
const longestName = 200;

/** A client of the form */
export function clientOf(form: ClientForm): Client {
  const { id, title, deadline, eventKeys, events, mayBeUnnamed } = form;
  const [usual] = Object.keys(events);
  if (usual === undefined) throw new TypeError(`${id} has no event`);

  function callOf(payload: JsonObject): HookCall {
    const event = textAt(payload, ...eventKeys) ?? (mayBeUnnamed === true && !eventKeys.some((key) => Object.hasOwn(payload, key)) ? usual : undefined);
    if (event === undefined) throw new SyntaxError('it names no event');
    // Read here and not before: a hook serves one call of one client
    if (form.otherEvents.split(/\s+/).includes(event)) return { kind: 'other' };
    const known = Object.hasOwn(events, event) ? events[event] : undefined;
    if (known === undefined) throw new SyntaxError(`it names an event nobody knows, ${event.slice(0, 60)}`);
    const parts = known.parts(payload);
    return parts === undefined ? { kind: 'other' } : { kind: 'tool', request: requestOf(parts, toolTable(known.tools ?? form.tools), form), roots: parts.roots ?? [], event };
  }

  return {
    id, title, deadline,
    mayAsk: events[usual]?.answers.ask !== undefined,
    read(payload) {
      try {
        return callOf(payload);
      } catch (error) {
        if (error instanceof SyntaxError) return { kind: 'unreadable', why: error.message };
        throw error;
      }
    },
    write(ruling, event = usual) {
      const answers = (events[event] ?? events[usual])?.answers;
      if (answers === undefined) throw new TypeError(`${id} has no event`);
      return written(ruling, answers);
    },
  };
}

/** The request that a call stands for; what has not the form it must have makes it unreadable */
function requestOf({ name, input, session, cwd, subAgent, server, agent }: CallParts, table: ReadonlyMap<string, string>, { id, title }: ClientForm): Request {
  if (typeof name !== 'string' || name === '' || name.length > longestName) throw new SyntaxError('it names no tool');
  if (input !== undefined && !isObject(input)) throw new SyntaxError('the tool’s input is no object');
  if (session !== undefined && !isPlainId(session)) throw new SyntaxError('its session has no ordinary name');
  if (cwd !== undefined && (typeof cwd !== 'string' || !isAbsolute(cwd))) throw new SyntaxError('the folder it runs in is not absolute');
  return {
    tool: server === undefined ? toolNamed(name, table, id) : name,
    input: input ?? {},
    ...(server === undefined ? {} : { server: server.slice(0, longestName) }),
    ...(cwd === undefined ? {} : { cwd }),
    actor: {
      kind: 'agent', name: agent ?? title,
      ...(session === undefined ? {} : { session }),
      ...(subAgent === undefined || subAgent === '' ? {} : { subAgent: subAgent.slice(0, longestName) }),
    },
  };
}

function written(ruling: Ruling, answers: Answers): HookOutput {
  const reason = reasonText(ruling.message);
  if (ruling.decision === 'ask' && answers.ask !== undefined) return answer(answers.ask(reason));
  if (ruling.decision !== 'allow') return denied(reason, answers);
  if (ruling.edited !== undefined) return edited(ruling.edited, reason, answers);
  const said = answers.allow(reason);
  return said === undefined ? silence : answer(said);
}

function edited(input: JsonObject, reason: string, answers: Answers): HookOutput {
  if (answers.edited === undefined) return denied(editedElsewhere(input), answers);
  const said = answer(answers.edited(reason, input));
  return said.stdout.length > longestAnswer ? denied('The user changed this call, and what came of it is too long to be handed over. Ask for less at once.', answers) : said;
}

function denied(reason: string, { deny, deniesWithCodeZero }: Answers): HookOutput {
  const output = denial(deny(reason), reason);
  return deniesWithCodeZero === true ? { ...output, code: 0 } : output;
}

/** Ids that clients make: printable, without blanks, not long. Line ends and escapes would reach the prompt and the record */
function isPlainId(value: unknown): value is string {
  return typeof value === 'string' && value.length <= longestSession && /^[\x21-\x7e]+$/.test(value);
}

function isAbsolute(folder: string): boolean {
  return /^(?:\/|[A-Za-z]:[\\/]|\\\\)/.test(folder) && !folder.includes('\0');
}

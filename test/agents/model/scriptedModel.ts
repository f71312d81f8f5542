import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { anthropic } from './anthropic.ts';
import { chat } from './chat.ts';
import { pathOf, type Call, type Conversation, type Dialect, type Turn } from './dialect.ts';
import { gemini } from './gemini.ts';
import { responses } from './responses.ts';

const dialects: readonly Dialect[] = [anthropic, responses, chat, gemini];

/** A model that makes the calls it was told to make, one a turn, and then ends */
export interface ScriptedModel {
  /** What the client told the model of each call, in order */
  readonly results: readonly string[];
  /** Calls whose tool the client did not offer, so that they were never made */
  readonly notOffered: readonly string[];
  /** Requests that were answered, for a failing test to show */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

export interface Script {
  /** How many calls */
  readonly length: number;
  /** The call at this place, given the tools the client offers */
  call(index: number, tools: readonly string[]): Call;
}

/** Serves a scripted model at a Unix socket, in all four interfaces at once */
export async function startModel(socket: string, script: Script): Promise<ScriptedModel> {
  let results: readonly string[] = [];
  const notOffered = new Set<string>();
  const requests: string[] = [];

  const next = ({ tools, results: given }: Conversation): Turn => {
    // Clients also ask for titles and summaries; such requests carry no tools
    if (tools.length === 0) return { kind: 'text', text: 'A probe.' };
    if (given.length > results.length) results = given;
    if (given.length >= script.length) return { kind: 'text', text: 'Done.' };
    const call = script.call(given.length, tools);
    if (tools.includes(call.tool)) return { kind: 'call', id: `scripted_${given.length}`, call };
    notOffered.add(`${call.tool} (offered: ${tools.join(', ')})`);
    return { kind: 'text', text: 'There is no such tool.' };
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = pathOf(request);
    requests.push(`${request.method ?? ''} ${url}`);
    const body = await bodyOf(request);
    const dialect = request.method === 'POST' ? dialects.find((each) => each.takes(url)) : undefined;
    if (dialect === undefined) {
      document(response, url.endsWith('/models') ? 200 : 404, { object: 'list', data: [{ id: 'scripted', object: 'model' }], models: [] });
      return;
    }
    const conversation = dialect.read(JSON.parse(body), url);
    const turn = next(conversation);
    if (!conversation.stream) {
      document(response, 200, dialect.whole(turn));
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const { event, data } of dialect.stream(turn)) {
      response.write(`${event === undefined ? '' : `event: ${event}\n`}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`);
    }
    response.end();
  };

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      requests.push(String(error));
      document(response, 400, { error: { type: 'invalid_request_error', message: String(error) } });
    });
  });
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(socket, done);
  });
  return {
    get results() {
      return results;
    },
    get notOffered() {
      return [...notOffered];
    },
    requests,
    close: () => new Promise((done) => {
      server.close(() => done());
      server.closeAllConnections();
    }),
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

function document(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

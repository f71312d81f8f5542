import * as z from 'zod/mini';
import { ChannelError, type ChannelSurroundings } from '../channel.ts';
import { headerToken } from '../headerToken.ts';
import { Http, type ApiCall } from '../http.ts';
import type { Vendor } from '../places.ts';
import { safeText } from '../safeText.ts';

const discord: Vendor = { name: 'Discord', api: 'https://discord.com/api/v10', domains: ['discord.gg', 'discordapp.com', 'discordapp.net'] };

/** Discord turns away programs that do not say what they are in this form */
const agent = 'DiscordBot (https://www.npmjs.com/package/cowork-policy, 1)';

const errorSchema = z.object({ message: z.string(), code: z.optional(z.number()) });

/** Discord's REST API, version 10 */
export class RestApi {
  readonly #http: Http;
  readonly #secrets: ChannelSurroundings['secrets'];

  constructor(surroundings: ChannelSurroundings) {
    this.#http = new Http(discord, surroundings);
    this.#secrets = surroundings.secrets;
  }

  get places(): Vendor {
    return this.#http.places;
  }

  get token(): string {
    return headerToken(this.#secrets['token'], 'Discord');
  }

  /**
   * Calls the API. Its limits are by route: method and path, up to and with the channel's id. Interactions are answered without
   * the bot's token: their own is in the path. Rejects with a `ChannelError`.
   */
  async call<T extends z.ZodMiniType>(method: ApiCall['method'], path: string, body: object | undefined, result: T, signal: AbortSignal): Promise<z.infer<T>> {
    const headers = { authorization: `Bot ${this.token}`, 'user-agent': agent };
    const lane = `${method} ${/^\/[^/]+\/[^/]+/.exec(path)?.[0] ?? path}`;
    const { status, body: answer } = await this.#http.call({ method, path, headers, lane, ...(body === undefined ? {} : { body }) }, signal);
    if (status >= 200 && status <= 299) {
      const read = result.safeParse(answer);
      if (read.success) return read.data;
      throw new ChannelError('unreachable', "Discord's answer cannot be read.");
    }
    const error = errorSchema.safeParse(answer).data;
    // Somebody else's answer, as of a network that wants a login first
    if (error === undefined || status >= 500) throw new ChannelError('unreachable', `Discord cannot be reached (status ${status}).`);
    if (status === 401) throw new ChannelError('secret', "Discord does not know this token. Reset it on the bot's page, then connect again.");
    throw new ChannelError('refused', `Discord refuses: ${safeText(error.message, this.#secrets)} (${error.code ?? status})`);
  }

  /** Bytes of an attachment */
  download(address: string, limit: number, signal: AbortSignal): Promise<Uint8Array> {
    return this.#http.download(address, {}, limit, signal);
  }
}

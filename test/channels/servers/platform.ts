import type { Button, Chat, OpenChannel, Sender } from '../../../src/channels/channel.ts';

/** What a person says on a platform */
export interface Said {
  readonly text: string;
  readonly chat?: Chat;
  readonly forwarded?: boolean;
  readonly file?: { readonly name: string; readonly bytes: Uint8Array };
}

/** A message of the bot's as its reader sees it */
export interface Shown {
  readonly messageId: string;
  readonly chat: string;
  readonly thread?: string;
  readonly text: string;
  readonly buttons: readonly Button[];
  readonly replyTo?: string;
  /** Nobody is notified, nothing is a link with a preview or markup */
  readonly plain: boolean;
}

/** A server that speaks one platform's protocol, and the people on it */
export interface PlatformServer {
  readonly baseUrl: string;
  readonly secrets: Readonly<Record<string, string>>;
  readonly person: Sender;
  readonly direct: Chat;
  readonly group: Chat;
  /** A part of the group with answers of its own, where the platform has such */
  readonly thread: Chat;
  /** Bot's name as the connection should tell it */
  readonly botName: string;
  readonly shown: readonly Shown[];
  /** Notes that a person saw after pressing */
  readonly notes: readonly string[];
  /** Pressed buttons that the platform stopped showing as "working" */
  readonly settledPresses: number;
  /** Texts of happenings that the adapter acknowledged, at the moment it did */
  onAcknowledged: (text: string) => void;
  /** Calls the API has had, without their bodies */
  readonly calls: readonly string[];
  /** A person says something; answers the message's id */
  say(said: Said): string;
  /** A person changes what they said */
  change(messageId: string, text: string): void;
  press(messageId: string, data: string): void;
  /** Ends every connection without a word */
  cut(): void;
  /** The last few happenings are delivered once more */
  repeat(count: number): void;
  /** Something arrives that is not even the platform's format */
  sayGarbage(): void;
  /** Something arrives that the adapter cannot know */
  sayUnknown(): void;
  /** So many calls, those that receive left out, are told to come back after so many seconds */
  limit(calls: number, seconds: number): void;
  /** So many calls fail with a server's error */
  fail(calls: number): void;
  /** From now on the token is wrong */
  revoke(): void;
  close(): Promise<void>;
}

/** A platform that the conformance suite goes over */
export interface Platform {
  readonly name: string;
  readonly open: OpenChannel;
  /** UTF-16 units that fit into one message at least */
  readonly longestText: number;
  start(): Promise<PlatformServer>;
}

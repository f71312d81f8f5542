/** What can be worth telling of a channel, by its code in the record, with its name for people */
export const channelEvents = {
  agent_failed: 'agent failed',
  not_let_in: 'not let in',
  not_sent: 'not sent',
  unreadable_update: 'unreadable update',
  not_a_new_message: 'not a new message',
  inbox_full: 'too much waits',
  unknown_button: 'unknown button',
  replayed_button: 'button pressed again',
  button_elsewhere: 'button of another chat',
  forwarded_button: 'copied button',
  unknown_question: 'unknown question',
  not_the_requester: 'not the person it was asked for',
  may_not_answer: 'may not answer',
  offer_expired: 'question expired',
  question_changed: 'question changed',
  editor_only: 'only in the editor',
  late_answer: 'late answer',
  invalid_answer: 'invalid answer',
  failed_answer: 'answer failed',
} as const;
export type ChannelEventCode = keyof typeof channelEvents;

/** The name of a code; of one that a newer version recorded the code itself */
export function channelEventName(code: string): string {
  return Object.hasOwn(channelEvents, code) ? channelEvents[code as ChannelEventCode] : code;
}

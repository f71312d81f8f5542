/** No channel can be connected yet, so there is nothing to send: the view says how things stand */
export type ChannelsSlice = Readonly<Record<string, never>>;

/** How the store room says what it does; the server gives its structured logger. */
export type Log = (
  level: "info" | "warn" | "error",
  message: string,
  details: Readonly<Record<string, string | number | boolean>>,
) => void;

export const silent: Log = () => undefined;

/** Passkeys (WebAuthn). The browser library is loaded only when a passkey is used. */
import { api } from "./api.ts";

/** Why a passkey was not used; the API's own refusals stay `ApiError`. */
export class PasskeyStopped extends Error {
  readonly reason: "cancelled" | "unsupported";
  constructor(reason: "cancelled" | "unsupported", cause?: unknown) {
    super(`passkey ${reason}`, { cause });
    this.name = "PasskeyStopped";
    this.reason = reason;
  }
}

type Library = typeof import("@simplewebauthn/browser");
async function library(): Promise<Library> {
  const found = await import("@simplewebauthn/browser");
  if (!found.browserSupportsWebAuthn()) throw new PasskeyStopped("unsupported");
  return found;
}

/** A person who closes the browser's dialog, or lets it time out, is no error of the program. */
async function ask<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    throw new PasskeyStopped("cancelled", cause);
  }
}

type RequestOptions = Parameters<Library["startAuthentication"]>[0]["optionsJSON"];
type CreationOptions = Parameters<Library["startRegistration"]>[0]["optionsJSON"];

export async function signInWithPasskey(): Promise<void> {
  const { startAuthentication } = await library();
  const { options: optionsJSON } = await api.post<{ options: RequestOptions }>("/api/v1/sign-in/passkey/options");
  const response = await ask(() => startAuthentication({ optionsJSON }));
  await api.post("/api/v1/sign-in/passkey", { response });
}

/** Registers a passkey for the signed-in user. A sign-in that is not young needs the password, and is told so: PROOF_NEEDED. */
export async function addPasskey(name: string, proof: { readonly password?: string } = {}): Promise<void> {
  const { startRegistration } = await library();
  const { options: optionsJSON } = await api.post<{ options: CreationOptions }>("/api/v1/me/passkeys/options", proof);
  const response = await ask(() => startRegistration({ optionsJSON }));
  await api.post("/api/v1/me/passkeys", { name, response });
}

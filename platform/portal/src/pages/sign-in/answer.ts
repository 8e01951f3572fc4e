/** What the doors of sign-in answer, and what they ask of a password. */
export interface SignInAnswer {
  readonly state: "signed-in" | "totp-needed";
  readonly ticket?: string;
}

/** As the server checks it. */
export const PASSWORD_RULE = { minLength: 12, maxLength: 200 } as const;

/** The password, asked for where a sign-in is no longer young enough to be a proof by itself. */
import { useState, type ReactNode } from "react";
import { ApiError } from "../../api.ts";
import { useWords } from "../../language.tsx";
import { accountWords } from "../../messages/account.ts";
import { TextField } from "../../parts/form.tsx";
import { useMe } from "../../session.tsx";

export interface Proof {
  /** The server asked for the password. */
  readonly needed: boolean;
  /** What the request carries. */
  readonly of: (password: string) => { password?: string };
  /** Remembers that the server asked, and passes every error on. */
  readonly asked: <T>(act: () => Promise<T>) => Promise<T>;
}

export function useProof(): Proof {
  const [needed, setNeeded] = useState(false);
  return {
    needed,
    of: (password) => (needed ? { password } : {}),
    asked: async (act) => {
      try {
        return await act();
      } catch (cause) {
        if (cause instanceof ApiError && cause.code === "PROOF_NEEDED") setNeeded(true);
        throw cause;
      }
    },
  };
}

/** Whoever has no password proved who they are by the passkey of a recent sign-in. */
export function PasswordProof({ form }: { readonly form: Parameters<typeof TextField>[0]["form"] }): ReactNode {
  const t = useWords(accountWords);
  const { user } = useMe();
  if (!user.password) return null;
  return (
    <TextField
      form={form}
      name="password"
      label={t("password.current")}
      type="password"
      autoComplete="current-password"
    />
  );
}

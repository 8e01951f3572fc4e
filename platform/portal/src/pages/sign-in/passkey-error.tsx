/** Why a passkey was not used. */
import type { ReactNode } from "react";
import { ApiError } from "../../api.ts";
import { useWords } from "../../language.tsx";
import { signInWords } from "../../messages/sign-in.ts";
import { Banner, ErrorBox } from "../../parts/notice.tsx";
import { PasskeyStopped } from "../../passkeys.ts";

/** What went wrong with a passkey, in the reader's words. */
export function PasskeyError({ error }: { readonly error: unknown }): ReactNode {
  const t = useWords(signInWords);
  if (error === null || error === undefined) return null;
  if (error instanceof PasskeyStopped) return <Banner>{t(`passkey.${error.reason}`)}</Banner>;
  if (error instanceof ApiError) return <ErrorBox error={error} title={t("failed")} />;
  throw error;
}

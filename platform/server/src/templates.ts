/** The words of the platform's mails, in Japanese and in English. Plain text; a link stands alone on its line. */
import type { LanguageCode } from "./tables.ts";

export interface MailText {
  readonly subject: string;
  readonly text: string;
}

/** A time as a reader of the language expects it, with its zone. */
export function sayTime(time: Date, language: LanguageCode, timeZone = "Asia/Tokyo"): string {
  if (language === "en") {
    const parts = Object.fromEntries(
      new Intl.DateTimeFormat("en-CA", {
        timeZone,
        year: "numeric",
        month: "2-digit",
        day: "2-digit",
        hour: "2-digit",
        minute: "2-digit",
        hourCycle: "h23",
      })
        .formatToParts(time)
        .map((part) => [part.type, part.value]),
    );
    return `${parts["year"]}-${parts["month"]}-${parts["day"]} ${parts["hour"]}:${parts["minute"]} (${timeZone})`;
  }
  const text = new Intl.DateTimeFormat("ja-JP", {
    timeZone,
    year: "numeric",
    month: "long",
    day: "numeric",
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).format(time);
  return timeZone === "Asia/Tokyo" ? `${text} (日本時間)` : `${text} (${timeZone})`;
}

interface LinkMail {
  readonly provider: string;
  readonly link: string;
  readonly expiresAt: Date;
  readonly timeZone?: string;
}

/** EXP-T08, EXP-04: the login invitation with its expiry. */
export function inviteMail(
  language: LanguageCode,
  mail: LinkMail & { name: string; organisation: string; inviter: string },
): MailText {
  const until = sayTime(mail.expiresAt, language, mail.timeZone);
  return language === "ja"
    ? {
        subject: `【${mail.provider}】${mail.organisation} のポータルへのご招待`,
        text: `${mail.name} 様

${mail.inviter} より、${mail.organisation} のポータルにご招待しました。
次のリンクを開き、サインインの設定をお済ませください。

${mail.link}

有効期限: ${until}
リンクは1回限り有効です。期限が過ぎた場合は、招待した方に再発行をご依頼ください。
お心当たりのない場合は、このメールを破棄してください。リンクを開かない限り、何も起こりません。

${mail.provider}
`,
      }
    : {
        subject: `Your invitation to the portal of ${mail.organisation}`,
        text: `Hello ${mail.name},

${mail.inviter} has invited you to the portal of ${mail.organisation}.
Open this link and set up how you sign in:

${mail.link}

Valid until: ${until}
The link works once. If it has expired, ask the person who invited you for a new one.
If you did not expect this mail, discard it; nothing happens unless the link is opened.

${mail.provider}
`,
      };
}

/** Invitation of a member of the provider's own staff. */
export function staffMail(language: LanguageCode, mail: LinkMail & { name: string; inviter: string }): MailText {
  return inviteMail(language, { ...mail, organisation: mail.provider });
}

export function resetMail(language: LanguageCode, mail: LinkMail & { name: string }): MailText {
  const until = sayTime(mail.expiresAt, language, mail.timeZone);
  return language === "ja"
    ? {
        subject: `【${mail.provider}】パスワードの再設定`,
        text: `${mail.name} 様

パスワード再設定のお申し出を受け付けました。次のリンクから新しいパスワードを設定してください。

${mail.link}

有効期限: ${until}
リンクは1回限り有効です。お申し出に心当たりのない場合は、このメールを破棄してください。現在のパスワードは変わりません。

${mail.provider}
`,
      }
    : {
        subject: "Reset your password",
        text: `Hello ${mail.name},

someone, probably you, asked to reset the password of this account. Choose a new one here:

${mail.link}

Valid until: ${until}
The link works once. If it was not you, discard this mail; the present password stays as it is.

${mail.provider}
`,
      };
}

/** Told after each change to how an account signs in, so that a stranger's change is noticed. */
export function securityMail(
  language: LanguageCode,
  mail: { provider: string; name: string; change: SecurityChange; at: Date },
): MailText {
  const change = changes[mail.change][language];
  const at = sayTime(mail.at, language);
  return language === "ja"
    ? {
        subject: `【${mail.provider}】${change}`,
        text: `${mail.name} 様

${at}、お使いのアカウントで次の変更がありました。

  ${change}

お心当たりのない場合は、すぐにパスワードを再設定し、管理者にご連絡ください。

${mail.provider}
`,
      }
    : {
        subject: `${mail.provider}: ${change}`,
        text: `Hello ${mail.name},

on ${at} your account was changed:

  ${change}

If this was not you, reset your password at once and tell your administrator.

${mail.provider}
`,
      };
}

export type SecurityChange = keyof typeof changes;
const changes = {
  password: { ja: "パスワードが変更されました", en: "the password was changed" },
  totpOn: { ja: "認証アプリが設定されました", en: "an authenticator app was set up" },
  totpOff: { ja: "認証アプリが解除されました", en: "the authenticator app was removed" },
  passkeyAdded: { ja: "パスキーが追加されました", en: "a passkey was added" },
  passkeyRemoved: { ja: "パスキーが削除されました", en: "a passkey was removed" },
  recoveryCodes: { ja: "リカバリーコードが再発行されました", en: "new recovery codes were made" },
} as const;

/** The page around every sign-in step: the provider's name, the language and the theme, one task. */
import { useEffect, type ReactNode } from "react";
import type { Me } from "@yagura/server/shapes.ts";
import { setCsrf } from "../../api.ts";
import { LanguageButton, ThemeMenu } from "../../frame/top-bar.tsx";
import { useWords } from "../../language.tsx";
import { shell } from "../../messages/shell.ts";
import { signInWords } from "../../messages/sign-in.ts";
import { Tower } from "../../parts/icon.tsx";
import { useGet } from "../../queries.ts";

interface DoorProps {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly children: ReactNode;
}
export function Door({ title, lead, children }: DoorProps): ReactNode {
  const t = useWords(signInWords);
  const say = useWords(shell);
  const me = useGet<Me>("/api/v1/me");
  const provider = me.data?.provider;
  // Somebody who is signed in already may sign in as somebody else.
  if (me.data !== undefined) setCsrf(me.data.csrf);
  useEffect(() => {
    document.title = `${title} · ${say("app.name")}`;
  }, [title, say]);
  return (
    <div className="door">
      <div className="door-bar">
        <LanguageButton />
        <ThemeMenu />
      </div>
      <main className="door-main">
        <div className="door-brand">
          {provider?.logo == null ? <Tower size={40} /> : <img src={provider.logo} alt="" />}
          <span>{provider?.name ?? say("app.name")}</span>
        </div>
        <h1>{title}</h1>
        {lead === undefined ? null : <p className="door-lead">{lead}</p>}
        {children}
      </main>
      <footer className="door-foot">
        {say("app.name")}
        {me.data === undefined ? "" : ` · ${t("version", { version: me.data.version })}`}
      </footer>
    </div>
  );
}

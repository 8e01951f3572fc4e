/** The top: organisation, search, language, theme, account. */
import type { ReactNode } from "react";
import { api } from "../api.ts";
import { useLanguage, useWords } from "../language.tsx";
import { shell } from "../messages/shell.ts";
import { Button, IconButton, Menu } from "../parts/button.tsx";
import { Icon, Tower } from "../parts/icon.tsx";
import { Link } from "../parts/link.tsx";
import { useMaybeOrganisation, useMe } from "../session.tsx";
import { useTheme, type ThemeChoice } from "../theme.ts";
import { useGo } from "../url-state.ts";

interface TopBarProps {
  readonly navOpen: boolean;
  readonly toggleNav: () => void;
  readonly openSearch: () => void;
  readonly openSwitch: () => void;
  readonly openHelp: () => void;
}

export function TopBar({ navOpen, toggleNav, openSearch, openSwitch, openHelp }: TopBarProps): ReactNode {
  const t = useWords(shell);
  const me = useMe();
  return (
    <header className="top-bar">
      <IconButton
        className="nav-toggle"
        icon={navOpen ? "close" : "menu"}
        label={t("menu")}
        expanded={navOpen}
        onClick={toggleNav}
      />
      <Link href="/" className="brand" title={me.provider.name}>
        {me.provider.logo === null ? <Tower /> : <img src={me.provider.logo} alt="" className="brand-logo" />}
        <span className="brand-name">{me.provider.logo === null ? t("app.name") : me.provider.name}</span>
      </Link>
      <OrganisationSwitch open={openSwitch} />
      <button type="button" className="search-button" onClick={openSearch} aria-keyshortcuts="Control+K">
        <Icon name="search" />
        <span>{t("search")}</span>
        <kbd aria-hidden="true">Ctrl K</kbd>
      </button>
      <span className="spread" />
      <LanguageButton />
      <ThemeMenu />
      <IconButton className="help-button" icon="help" label={t("help.title")} onClick={openHelp} />
      <AccountMenu />
    </header>
  );
}

function OrganisationSwitch({ open }: { readonly open: () => void }): ReactNode {
  const t = useWords(shell);
  const me = useMe();
  const here = useMaybeOrganisation();
  if (here === null) return null;
  const several = me.organisations.length > 1 || me.scopes.includes("organisation.read");
  if (!several) return <span className="organisation-name">{here.name}</span>;
  return (
    <Button kind="quiet" onClick={open} title={t("organisation.switch")}>
      <span className="organisation-name">{here.name}</span>
      <Icon name="down" size={12} />
    </Button>
  );
}

/** Two languages: the button names the other one, in itself. */
export function LanguageButton(): ReactNode {
  const { language, setLanguage } = useLanguage();
  const other = language === "ja" ? "en" : "ja";
  return (
    <button
      type="button"
      className="button button-quiet language-button"
      lang={other}
      aria-label={other === "ja" ? "日本語" : "English"}
      onClick={() => setLanguage(other)}
    >
      <Icon name="language" />
      <span>{other === "ja" ? "日本語" : "English"}</span>
    </button>
  );
}

const themes: readonly ThemeChoice[] = ["system", "light", "dark"];
const themeIcons = { system: "screen", light: "sun", dark: "moon" } as const;
export function ThemeMenu(): ReactNode {
  const t = useWords(shell);
  const theme = useTheme();
  return (
    <Menu
      label={t("theme.label")}
      icon={themeIcons[theme.choice]}
      items={themes.map((choice) => ({
        label: t(`theme.${choice}`),
        checked: theme.choice === choice,
        run: () => theme.setTheme(choice),
      }))}
    />
  );
}

function AccountMenu(): ReactNode {
  const t = useWords(shell);
  const me = useMe();
  const go = useGo();
  const signOut = async (): Promise<void> => {
    await api.post("/api/v1/sign-out");
    // A full load: nothing of the former reader stays in memory.
    location.assign("/sign-in");
  };
  return (
    <Menu
      label={`${t("account.menu")}: ${me.user.name}`}
      icon="user"
      items={[
        { label: t("account.settings"), icon: "user", run: () => go("/account") },
        { label: t("account.signOut"), icon: "signOut", run: () => void signOut() },
      ]}
    />
  );
}

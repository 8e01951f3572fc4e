@rem npm scripts begin with `exec`, so that Ctrl-C reaches Yagura itself and not a shell around it. Windows has no such word.
@%*

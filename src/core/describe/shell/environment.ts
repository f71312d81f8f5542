/** How a variable that is set for a command, or for all later ones, bears on what programs do */
export type VariableWeight = 'harmless' | 'plain' | 'decisive';

/** Variables that only shape output, language or speed */
const harmless: ReadonlySet<string> = new Set([
  'LANG', 'LANGUAGE', 'NO_COLOR', 'CI', 'TZ', 'NODE_ENV', 'FORCE_COLOR', 'CLICOLOR', 'CLICOLOR_FORCE', 'DEBUG', 'TERM',
  'COLUMNS', 'LINES', 'COLORTERM', 'RUST_BACKTRACE', 'RUST_LOG', 'TEST_ENV', 'RAILS_ENV', 'RACK_ENV', 'APP_ENV', 'MIX_ENV',
  'NEXT_TELEMETRY_DISABLED', 'DOTNET_CLI_TELEMETRY_OPTOUT', 'DOTNET_NOLOGO', 'HUSKY', 'DO_NOT_TRACK', 'GIT_TERMINAL_PROMPT',
  'GIT_OPTIONAL_LOCKS', 'PYTHONUNBUFFERED', 'PYTHONDONTWRITEBYTECODE', 'PYTHONIOENCODING', 'CARGO_TERM_COLOR', 'npm_config_color',
  'npm_config_fund', 'npm_config_audit', 'npm_config_progress', 'JEST_WORKER_ID', 'VITEST_POOL_ID', 'UV_THREADPOOL_SIZE', 'GOMAXPROCS',
]);

/** Variables that decide which program runs, what it loads, or where it connects (misses 32, 35, 37) */
const decisive: ReadonlySet<string> = new Set([
  // the shell itself
  'PATH', 'IFS', 'BASH_ENV', 'ENV', 'SHELL', 'SHELLOPTS', 'BASHOPTS', 'PS0', 'PS1', 'PS2', 'PS3', 'PS4', 'PROMPT', 'PROMPT_COMMAND',
  'RPROMPT', 'CDPATH', 'GLOBIGNORE', 'HISTFILE', 'FIGNORE', 'FPATH', 'fpath', 'path', 'ZDOTDIR', 'NULLCMD', 'READNULLCMD', 'HOME', 'PWD', 'OLDPWD',
  'TMPDIR', 'TMP', 'TEMP', 'FUNCNEST', 'BASH_LOADABLES_PATH', 'EXECIGNORE', 'INPUTRC', 'POSIXLY_CORRECT', 'BASH_XTRACEFD', 'TIMEFORMAT',
  'HISTTIMEFORMAT', 'MAILPATH', 'MAIL', 'command_not_found_handle', 'BASH_COMPAT', 'TERMINFO', 'TERMCAP', 'TERMINFO_DIRS', 'TERMPATH',
  // programs that other programs start
  'PAGER', 'MANPAGER', 'BAT_PAGER', 'SYSTEMD_PAGER', 'GH_PAGER', 'AWS_PAGER', 'PSQL_PAGER', 'DELTA_PAGER', 'EDITOR', 'VISUAL', 'FCEDIT', 'BROWSER', 'GH_BROWSER',
  'GH_EDITOR', 'SUDO_ASKPASS', 'SSH_ASKPASS', 'LESSOPEN', 'LESSCLOSE', 'LESSKEY', 'LESSKEYIN', 'LESS', 'MORE', 'MANROFFOPT', 'MANOPT', 'GROFF_COMMAND_PREFIX',
  'RIPGREP_CONFIG_PATH', 'GREP_OPTIONS', 'TAR_OPTIONS', 'RSYNC_RSH', 'CVS_RSH', 'ZIPOPT', 'UNZIP', 'ZIP', 'GZIP', 'XZ_OPT', 'XZ_DEFAULTS', 'DIFFPROG', 'TAPE', 'RSH',
  'LS_OPTIONS', 'TREE_OPTIONS', 'BLOCK_SIZE', 'MAKEFLAGS', 'MFLAGS', 'GNUMAKEFLAGS', 'MAKEFILES', 'MAKE', 'VIMINIT', 'EXINIT', 'NVIM_APPNAME', 'VIM', 'VIMRUNTIME',
  'XDG_CONFIG_HOME', 'XDG_CONFIG_DIRS', 'XDG_DATA_HOME', 'XDG_DATA_DIRS', 'WGETRC', 'CURL_HOME', 'NETRC', 'SYSTEM_WGETRC', 'LOCPATH', 'NLSPATH', 'TEXTDOMAIN', 'TEXTDOMAINDIR', 'MAGIC',
  'LOCALDOMAIN', 'RES_OPTIONS', 'HOSTALIASES', 'HOSTFILE', 'GCONV_PATH', 'GETCONF_DIR', 'MALLOC_TRACE', 'RESOLV_HOST_CONF', 'COREPACK_NPM_REGISTRY',
  // interpreters and build tools
  'NODE_OPTIONS', 'NODE_PATH', 'NODE_REPL_EXTERNAL_MODULE', 'NODE_EXTRA_CA_CERTS', 'NODE_TLS_REJECT_UNAUTHORIZED', 'ELECTRON_RUN_AS_NODE', 'BUN_OPTIONS',
  'RUBYOPT', 'RUBYLIB', 'RUBYSHELL', 'GEM_HOME', 'GEM_PATH', 'BUNDLE_GEMFILE', 'PERL5OPT', 'PERL5LIB', 'PERLLIB', 'PERL5DB', 'PERL5SHELL', 'PERL_MM_OPT',
  'PHPRC', 'PHP_INI_SCAN_DIR', 'LUA_INIT', 'LUA_PATH', 'LUA_CPATH', 'AWKPATH', 'AWKLIBPATH', 'TCLLIBPATH', 'R_PROFILE', 'R_PROFILE_USER', 'R_ENVIRON', 'R_HOME',
  'JAVA_TOOL_OPTIONS', 'JDK_JAVA_OPTIONS', '_JAVA_OPTIONS', 'JAVA_HOME', 'CLASSPATH', 'MAVEN_OPTS', 'MAVEN_ARGS', 'MAVEN_CONFIG', 'GRADLE_OPTS', 'GRADLE_USER_HOME',
  'SBT_OPTS', 'ANT_OPTS', 'ANT_ARGS', 'JAVA_OPTS', 'KOTLIN_HOME', 'GROOVY_CONF', 'CC', 'CXX', 'CPP', 'LD', 'AR', 'AS', 'FC', 'CFLAGS', 'CXXFLAGS', 'CPPFLAGS', 'LDFLAGS',
  'C_INCLUDE_PATH', 'CPATH', 'LIBRARY_PATH', 'COMPILER_PATH', 'GCC_EXEC_PREFIX', 'COLLECT_GCC', 'PKG_CONFIG', 'PKG_CONFIG_PATH', 'CMAKE_GENERATOR', 'CTEST_OUTPUT_ON_FAILURE_PROGRAM',
  'RUSTC', 'RUSTC_WRAPPER', 'RUSTC_WORKSPACE_WRAPPER', 'RUSTDOC', 'RUSTFLAGS', 'RUSTDOCFLAGS', 'RUSTUP_TOOLCHAIN', 'RUSTUP_HOME', 'RUSTFMT', 'CLIPPY_CONF_DIR',
  'GOFLAGS', 'GOENV', 'GOROOT', 'GOPATH', 'GOPROXY', 'GONOSUMDB', 'GOSUMDB', 'GOTOOLCHAIN', 'GOTOOLDIR', 'GOROOT_FINAL', 'GOCOVERDIR', 'GOWORK', 'CGO_CFLAGS', 'CGO_LDFLAGS', 'GOINSECURE',
  'DOTNET_STARTUP_HOOKS', 'DOTNET_ROOT', 'MSBUILDSDKSPATH', 'CORECLR_PROFILER_PATH', 'CORECLR_ENABLE_PROFILING', 'COR_PROFILER_PATH', 'DOTNET_ADDITIONAL_DEPS', 'NUGET_PACKAGES',
  'ERL_FLAGS', 'ERL_AFLAGS', 'ERL_ZFLAGS', 'ELIXIR_ERL_OPTIONS', 'ERL_LIBS', 'SWIFT_EXEC', 'JULIA_LOAD_PATH', 'JULIA_PROJECT', 'GHCRTS', 'GHC_ENVIRONMENT', 'OCAMLRUNPARAM', 'CAML_LD_LIBRARY_PATH',
  'PYTEST_ADDOPTS', 'PYTEST_PLUGINS', 'TOX_TESTENV_PASSENV', 'ESLINT_USE_FLAT_CONFIG_PATH', 'VIRTUAL_ENV', 'PIPENV_PIPFILE', 'TS_NODE_PROJECT', 'TS_NODE_COMPILER', 'BABEL_ENV_PATH', 'VITE_CONFIG',
  'MYPYPATH', 'MYPY_CONFIG_FILE', 'DENO_DIR', 'DENO_INSTALL_ROOT', 'DENO_TLS_CA_STORE', 'DENO_CERT', 'HEX_HOME', 'MIX_HOME', 'MIX_EXS', 'MIX_ARCHIVES', 'MIX_DEPS_PATH', 'MIX_BUILD_PATH',
  // services and credentials
  'KUBECONFIG', 'AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE', 'AWS_ENDPOINT_URL', 'AWS_PROFILE', 'AWS_CA_BUNDLE', 'CLOUDSDK_CONFIG', 'CLOUDSDK_PYTHON', 'AZURE_CONFIG_DIR', 'GH_HOST', 'GH_REPO', 'GH_CONFIG_DIR',
  'GOOGLE_APPLICATION_CREDENTIALS', 'VAULT_ADDR', 'PSQLRC', 'PGSERVICEFILE', 'PGPASSFILE', 'PGHOST', 'PGSSLKEY', 'MYSQL_HOME', 'MYSQL_PWD', 'MYSQL_HOST', 'SSH_AUTH_SOCK', 'GNUPGHOME', 'SSL_CERT_FILE', 'SSL_CERT_DIR', 'SSLKEYLOGFILE',
  'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE', 'OPENSSL_CONF', 'OPENSSL_ENGINES', 'OPENSSL_MODULES', 'KRB5_CONFIG', 'HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'FTP_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'all_proxy', 'ftp_proxy', 'no_proxy',
  'DISPLAY', 'XAUTHORITY', 'DBUS_SESSION_BUS_ADDRESS', 'WAYLAND_DISPLAY', 'QT_PLUGIN_PATH', 'GTK_MODULES', 'GTK_PATH', 'GIO_EXTRA_MODULES', 'GSETTINGS_SCHEMA_DIR', 'PYTHONSTARTUP', 'SCREENRC', 'TMUX_CONF', 'CODEX_HOME',
  'CLAUDE_CONFIG_DIR', 'COMSPEC', 'PATHEXT', 'PSModulePath', '__COMPAT_LAYER',
]);

/** Families of which every member may decide */
const decisiveFamilies: readonly string[] = [
  'LD_', 'DYLD_', 'GIT_', 'npm_config_', 'NPM_CONFIG_', 'YARN_', 'PNPM_', 'BUN_', 'COREPACK_', 'PIP_', 'UV_', 'PYTHON', 'POETRY_', 'CONDA_', 'BUNDLE_', 'GEM_',
  'CARGO_', 'RUST_', 'GLIBC_', 'BASH_FUNC_', 'DOCKER_', 'COMPOSE_', 'PODMAN_', 'CONTAINER_', 'BUILDKIT_', 'BUILDX_', 'HELM_', 'ANSIBLE_', 'TF_', 'TERRAGRUNT_',
  'MAVEN_', 'GRADLE_', 'ORG_GRADLE_', 'NUGET_', 'MSBUILD', 'COMPLUS_', 'CORECLR_', 'COR_', 'ASAN_', 'LSAN_', 'UBSAN_', 'TSAN_', 'MSAN_', 'GCC_', 'CLANG_',
  'CMAKE_', 'CTEST_', 'MESON_', 'AUTOCONF_', 'SSH_', 'RSYNC_', 'JEST_', 'VITEST_', 'ESLINT_', 'PRETTIER_', 'TS_NODE_', 'BABEL_', 'WEBPACK_', 'NX_', 'TURBO_', 'DIRENV_', 'MISE_',
  'ASDF_', 'NIX_', 'HOMEBREW_', 'GUIX_', 'XDG_CONFIG', 'AWS_ENDPOINT', 'CLAUDE_', 'CODEX_', 'ANTHROPIC_', 'OPENAI_', 'GEMINI_',
];

/** Values that name no program, file or place */
const tame = /^(?:\d{1,6}|true|false|yes|no|on|off)?$/i;

/** What setting this variable means for the commands that see it; `value` is null where it is not known */
export function variableWeight(name: string, value: string | null): VariableWeight {
  const shapes = harmless.has(name) || (name.startsWith('LC_') && !name.includes('['));
  // a language or terminal that is a path is loaded from there
  if (shapes && (value === null || !/^(?:LANG|LC_|TERM$|TZ$)/.test(name) || !/^[:/.]|\.\./.test(value))) return 'harmless';
  if (decisive.has(name)) return 'decisive';
  for (const family of decisiveFamilies) if (name.startsWith(family)) return 'decisive';
  if (name.toLowerCase().endsWith('_proxy')) return 'decisive';
  return value !== null && tame.test(value) ? 'harmless' : 'plain';
}

/** Whether a variable of the environment holds a secret, by its name */
export function isSecretVariable(name: string): boolean {
  return /(?:TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|CREDENTIAL|SESSION_?KEY|_PAT$|_AUTH$|^AUTH_|DATABASE_URL|CONNECTION_STRING|DSN$)/i.test(name);
}

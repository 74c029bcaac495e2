import type { CommandNode } from './tree.ts';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** What a shell reads once, to complete this command from then on. */
export function completionScript(shell: Shell, tree: CommandNode): string {
  return SCRIPTS[shell](JSON.stringify(tree));
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

const quotedInFish = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

/** Bash takes a colon and an equals sign for ends of words: what stands before them is typed already. */
const bash = (tree: string): string => `# Completion for bash: source <(threescale-upgrade completion bash)
__threescale_upgrade_tree=${quoted(tree)}
__threescale_upgrade() {
  local line=\${COMP_LINE:0:COMP_POINT} before name words
  read -ra words <<<"$line"
  [[ $line == *[[:space:]] ]] && words+=("")
  local word=\${words[\${#words[@]} - 1]}
  COMPREPLY=()
  case $word in *[:=]*) before=\${word%"\${word##*[:=]}"} ;; esac
  while IFS= read -r name; do
    if [[ $name == :file ]]; then
      compopt -o filenames
      while IFS= read -r name; do COMPREPLY+=("$name"); done < <(compgen -f -- "\${word#"$before"}")
      return
    fi
    printf -v name %q "\${name#"$before"}"
    COMPREPLY+=("$name")
  done < <("\${words[0]}" __complete "$__threescale_upgrade_tree" "\${words[@]:1}" 2>/dev/null)
}
complete -F __threescale_upgrade threescale-upgrade`;

const zsh = (tree: string): string => `#compdef threescale-upgrade
# Completion for zsh: source <(threescale-upgrade completion zsh)
__threescale_upgrade_tree=${quoted(tree)}
__threescale_upgrade() {
  local -a names
  names=("\${(@f)$("\${(Q)words[1]}" __complete "$__threescale_upgrade_tree" "\${(Q@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ $names[1] == :file ]]; then
    _files
  else
    compadd -- \${names:#}
  fi
}
compdef __threescale_upgrade threescale-upgrade`;

const fish = (tree: string): string => `# Completion for fish: threescale-upgrade completion fish | source
set -g __threescale_upgrade_tree ${quotedInFish(tree)}
function __threescale_upgrade
    set -l words (commandline -opc) (commandline -ct)
    set -l names ($words[1] __complete $__threescale_upgrade_tree $words[2..-1] 2>/dev/null)
    if test "$names[1]" = :file
        __fish_complete_path (commandline -ct)
    else
        printf '%s\\n' $names
    end
end
complete -c threescale-upgrade -f -a '(__threescale_upgrade)'`;

const SCRIPTS: Readonly<Record<Shell, (tree: string) => string>> = { bash, zsh, fish };

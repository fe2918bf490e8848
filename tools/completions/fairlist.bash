# bash completion for fairlist(1). Verbs and options come from the program's own help, the names of
# lists and feeds from the configuration, so that nothing here can grow old.
# Install as /usr/share/bash-completion/completions/fairlist; in zsh, after "bashcompinit", source it.

# The words of `fairlist WORDS... --help` that begin a line of this shape.
_fairlist_verbs() {
    "$1" "${@:2}" --help 2>/dev/null | sed -n '/^Subcommands:/,/^$/s/^  \([a-z][a-z-]*\) .*/\1/p'
}
_fairlist_options() {
    "$1" "${@:2}" --help 2>/dev/null | sed -n 's/^  \(-[a-z],\)\{0,1\}\(--[a-z][a-z0-9-]*\).*/\2/p'
}

# What `fairlist VERB... --help` says that an option may be.
_fairlist_choices() {
    "$1" "${@:3}" --help 2>/dev/null | sed -n "s/^.*$2 TEXT:{\\([^}]*\\)}.*/\\1/p" | tr ',' ' '
}

# The first column of a verb's table, without its title.
_fairlist_column() {
    local program=$1 config=$2
    shift 2
    "$program" ${config:+--config "$config"} "$@" 2>/dev/null | sed -n '2,$s/ .*//p'
}

_fairlist() {
    local program=$1 word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
    local config='' words=() i
    for ((i = 1; i < COMP_CWORD; ++i)); do
        case ${COMP_WORDS[i]} in
            --config) config=${COMP_WORDS[++i]-} ;;
            -*) ;;
            *) words+=("${COMP_WORDS[i]}") ;;
        esac
    done
    local verb=${words[0]-} choices=''
    case $verb in
        feed | audit | listing | evidence | rules | trap | hits | report | token | stats | policy | removal) verb="$verb ${words[1]-}" ;;
        provider)
            verb="$verb ${words[1]-}"
            [[ ${words[1]-} != space ]] || verb="$verb ${words[2]-}" ;;
    esac

    case $before in
        --config) compopt -o default 2>/dev/null; COMPREPLY=(); return ;;
        --list) choices=$(_fairlist_column "$program" "$config" lists) ;;
        --format) choices=$(_fairlist_choices "$program" --format "$verb") ;;
        --zone) choices=$(_fairlist_column "$program" "$config" zones) ;;
        --state) choices=$(_fairlist_choices "$program" --state listing list) ;;
        --role) choices=$(_fairlist_choices "$program" --role token add) ;;
        --field) choices=$(_fairlist_choices "$program" --field stats networks) ;;
        --file | --rules | --checkpoints | --provider-space) compopt -o default 2>/dev/null ;;
    esac
    if [[ -z $choices && $word == -* ]]; then
        # shellcheck disable=SC2086 # "feed run" is two words.
        choices=$({ _fairlist_options "$program"; _fairlist_options "$program" $verb; } | sort -u)
    fi
    if [[ -z $choices ]]; then
        case ${#words[@]},$verb in
            0,*) choices=$(_fairlist_verbs "$program") ;;
            1,"feed " | 1,"audit " | 1,"listing " | 1,"evidence " | 1,"rules " | 1,"trap " | \
                1,"hits " | 1,"report " | 1,"token " | 1,"stats " | 1,"policy " | 1,"provider " | \
                1,"removal ")
                choices=$(_fairlist_verbs "$program" "${words[0]}") ;;
            2,"provider space ") choices=$(_fairlist_verbs "$program" provider space) ;;
            2,"policy check" | 3,"policy import" | 3,"policy diff" | 4,"provider space feed")
                compopt -o default 2>/dev/null ;;
            *,"policy fetch" | 2,"policy "* | 2,"provider "* | 3,"provider space "*)
                choices=$(_fairlist_column "$program" "$config" provider list) ;;
            2,"listing open") choices=$(_fairlist_column "$program" "$config" lists) ;;
            1,add | 1,exempt | 1,remove) choices=$(_fairlist_column "$program" "$config" lists) ;;
            1,hash) choices="email url file" ;;
            *,"feed run" | 2,"feed show" | 2,"feed approve" | 2,"feed rollback")
                choices=$(_fairlist_column "$program" "$config" feed list) ;;
            2,"token revoke") choices=$(_fairlist_column "$program" "$config" token list) ;;
            2,"trap import" | *,"trap import-mail" | 2,"hits import" | *,"report import")
                compopt -o default 2>/dev/null ;;
            *,import | *,hash | *,explain | 2,"audit key") compopt -o default 2>/dev/null ;;
        esac
    fi
    mapfile -t COMPREPLY < <(compgen -W "$choices" -- "$word")
}
complete -F _fairlist fairlist

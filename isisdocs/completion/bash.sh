# bash completion for isisdocs
_isisdocs() {
    local cur=${COMP_WORDS[COMP_CWORD]} reply
    local IFS=$'\n'
    COMPREPLY=()
    while read -r reply; do
        case $reply in
        :files)
            compopt -o filenames 2>/dev/null
            COMPREPLY+=($(compgen -f -- "$cur"))
            ;;
        :folders)
            compopt -o filenames 2>/dev/null
            COMPREPLY+=($(compgen -d -- "$cur"))
            ;;
        *)
            case $reply in *[:/]) compopt -o nospace 2>/dev/null ;; esac
            COMPREPLY+=("$reply")
            ;;
        esac
    done < <(_ISISDOCS_COMPLETE=bash "$1" "${COMP_LINE:0:COMP_POINT}" "$COMP_WORDBREAKS" 2>/dev/null)
}
complete -F _isisdocs isisdocs

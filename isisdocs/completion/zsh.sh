#compdef isisdocs
# zsh completion for isisdocs
_isisdocs() {
    local value meaning
    local -a words_before whole open
    words_before=("${(@Q)words[2,CURRENT-1]}")
    while IFS=$'\t' read -r value meaning; do
        case $value in
        :files) _files ;;
        :folders) _files -/ ;;
        *[:/]) open+=("${value//:/\\:}:$meaning") ;;
        *) whole+=("${value//:/\\:}:$meaning") ;;
        esac
    done < <(_ISISDOCS_COMPLETE=zsh "$words[1]" "${words_before[@]}" "${(Q)PREFIX}" 2>/dev/null)
    (( $#whole )) && _describe -V isisdocs whole
    (( $#open )) && _describe -V isisdocs open -S ''
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _isisdocs "$@"
else
    compdef _isisdocs isisdocs
fi

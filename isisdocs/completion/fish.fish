# fish completion for isisdocs
function __isisdocs_complete
    set -l before (commandline -opc)
    set -l typed (commandline -ct)
    # Without the quotation mark that is open, which fish gives too.
    set typed (string replace -r '^[\'"]' '' -- "$typed")
    for line in (_ISISDOCS_COMPLETE=fish $before[1] $before[2..-1] "$typed" 2>/dev/null)
        switch $line
            case ':files*'
                __fish_complete_path "$typed"
            case ':folders*'
                __fish_complete_directories "$typed"
            case '*'
                printf '%s\n' $line
        end
    end
end
complete -c isisdocs -f -a '(__isisdocs_complete)'

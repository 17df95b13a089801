_colophon() {
    local word=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[1]}
    if [ "$COMP_CWORD" -eq 1 ]; then
        COMPREPLY=($(compgen -W "init check import backfill add list tweets announce why log state diff correct hide unhide merge forget reconsider publish status verify repair rebuild cron parse help completion man" -- "$word")); return
    fi
    case $command in
        init) COMPREPLY=($(compgen -W "--poll --store --now --quiet --verbose --no-color --help" -- "$word")) ;;
        check) COMPREPLY=($(compgen -W "--json --store --now --quiet --verbose --no-color --help" -- "$word")) ;;
        import) COMPREPLY=($(compgen -W "--all --dry-run --announce --json --store --now --quiet --verbose --no-color --help" -- "$word")) ;;
        backfill) COMPREPLY=($(compgen -W "--service --pages --rejects --undo --dry-run --json --store --now --quiet --verbose --no-color --help" -- "$word")) ;;
        add) COMPREPLY=($(compgen -W "--by --on --rating --url --repeat --store --now --quiet --verbose --no-color --help" -- "$word")) ;;
        list) COMPREPLY=($(compgen -W "--kind --year --feed --ids --json --store --now --quiet --verbose --no-color --help" -- "$word")) ;;
        tweets) COMPREPLY=($(compgen -W "--sent --post --skip --retry --release --all --json --store --now --quiet --verbose --no-color --help" -- "$word")) ;;
        announce) COMPREPLY=($(compgen -W "--dry-run --connect --json --store --now --quiet --verbose --no-color --help" -- "$word")) ;;
        why) COMPREPLY=($(compgen -W "--json --store --now --quiet --verbose --no-color --help" -- "$word")) ;;
        log) COMPREPLY=($(compgen -W "--from --to --type --json --store --now --quiet --verbose --no-color --help" -- "$word")) ;;
        state) COMPREPLY=($(compgen -W "--at --json --store --now --quiet --verbose --no-color --help" -- "$word")) ;;
        diff) COMPREPLY=($(compgen -W "--json --store --now --quiet --verbose --no-color --help" -- "$word")) ;;
        correct) COMPREPLY=($(compgen -W "--title --by --on --rating --year --url --store --now --quiet --verbose --no-color --help" -- "$word")) ;;
        hide) COMPREPLY=($(compgen -W "--store --now --quiet --verbose --no-color --help" -- "$word")) ;;
        unhide) COMPREPLY=($(compgen -W "--store --now --quiet --verbose --no-color --help" -- "$word")) ;;
        merge) COMPREPLY=($(compgen -W "--store --now --quiet --verbose --no-color --help" -- "$word")) ;;
        forget) COMPREPLY=($(compgen -W "--store --now --quiet --verbose --no-color --help" -- "$word")) ;;
        reconsider) COMPREPLY=($(compgen -W "--dry-run --json --store --now --quiet --verbose --no-color --help" -- "$word")) ;;
        publish) COMPREPLY=($(compgen -W "--at --to --store --now --quiet --verbose --no-color --help" -- "$word")) ;;
        status) COMPREPLY=($(compgen -W "--json --store --now --quiet --verbose --no-color --help" -- "$word")) ;;
        verify) COMPREPLY=($(compgen -W "--json --store --now --quiet --verbose --no-color --help" -- "$word")) ;;
        repair) COMPREPLY=($(compgen -W "--from --head --accept-rollback --accept-loss --json --store --now --quiet --verbose --no-color --help" -- "$word")) ;;
        rebuild) COMPREPLY=($(compgen -W "--json --store --now --quiet --verbose --no-color --help" -- "$word")) ;;
        cron) COMPREPLY=($(compgen -W "--systemd --store --now --quiet --verbose --no-color --help" -- "$word")) ;;
        parse) COMPREPLY=($(compgen -W "--content-type --base-url --limit --batch --finishes --service --json --store --now --quiet --verbose --no-color --help" -- "$word")) ;;
        help) COMPREPLY=($(compgen -W "--all --store --now --quiet --verbose --no-color --help" -- "$word")) ;;
        completion) COMPREPLY=($(compgen -W "--store --now --quiet --verbose --no-color --help" -- "$word")) ;;
        man) COMPREPLY=($(compgen -W "--store --now --quiet --verbose --no-color --help" -- "$word")) ;;
    esac
}
complete -o default -F _colophon colophon

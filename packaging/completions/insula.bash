# bash completion for insula, vzctl, vzlist and vzpid; made by: insula completion bash

_insula_containers() {
    COMPREPLY=( $(compgen -W "$(vzlist -a -H -o ctid 2>/dev/null) $(vzlist -a -H -o name 2>/dev/null | grep -v '^-')" -- "$1") )
}

_insula_vzctl() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command= words= i
    if [[ $prev == --setmode ]]; then COMPREPLY=( $(compgen -W "restart ignore" -- "$cur") ); return; fi
    if [[ $prev == --onboot ]]; then COMPREPLY=( $(compgen -W "yes no" -- "$cur") ); return; fi
    if [[ $prev == --disabled ]]; then COMPREPLY=( $(compgen -W "yes no" -- "$cur") ); return; fi
    for (( i = 1; i < COMP_CWORD; i++ )); do
        [[ ${COMP_WORDS[i]} == -* ]] && continue
        command=${COMP_WORDS[i]}
        break
    done
    case "$command" in
        create) words="--config --name --description --ostemplate --root --private --local_uid --local_gid --hostname --ipadd --layout --diskspace --diskinodes" ;;
        destroy|delete) words="" ;;
        mount) words="" ;;
        umount) words="" ;;
        start) words="--force --wait --dry-run" ;;
        stop) words="--fast --skip-umount --timeout" ;;
        restart) words="--fast --skip-umount --timeout --force --wait" ;;
        status) words="" ;;
        set) words="--save --force --setmode --applyconfig --reset_ub --name --description --onboot --bootorder --disabled --stop-timeout --ostemplate --root --private --userpasswd --hostname --ipadd --ipdel --nameserver --searchdomain --cpuunits --cpulimit --cpus --cpumask --nodemask --kmemsize --lockedpages --privvmpages --shmpages --numproc --physpages --ram --vmguarpages --oomguarpages --numtcpsock --numflock --numpty --numsiginfo --tcpsndbuf --tcprcvbuf --othersockbuf --dgramrcvbuf --numothersock --dcachesize --numfile --numiptent --swappages --swap --avnumproc --vm_overcommit --diskspace --diskinodes --quotatime --quotaugidlimit --ioprio --iolimit --iopslimit --capability --features --devnodes --devices" ;;
        exec) words="" ;;
        exec2) words="" ;;
        exec3) words="" ;;
        enter) words="--exec" ;;
        console) words="" ;;
        runscript) words="" ;;
        *) words="--quiet --verbose --skiplock --version --help create destroy mount umount start stop restart status set exec exec2 exec3 enter console runscript" ;;
    esac
    if [[ -n $command && $cur != -* ]]; then _insula_containers "$cur"; return; fi
    COMPREPLY=( $(compgen -W "$words" -- "$cur") )
}

_insula_vzlist() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command= words= i
    case "$command" in
        *) words="--all --stopped --name --no-header --no-trim --json --output --sort --hostname --name_filter --description --list --version --help" ;;
    esac
    if [[ $cur != -* ]]; then _insula_containers "$cur"; return; fi
    COMPREPLY=( $(compgen -W "$words" -- "$cur") )
}

_insula_insula() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command= words= i
    if [[ $prev == --init ]]; then COMPREPLY=( $(compgen -W "systemd sysvinit" -- "$cur") ); return; fi
    for (( i = 1; i < COMP_CWORD; i++ )); do
        [[ ${COMP_WORDS[i]} == -* ]] && continue
        command=${COMP_WORDS[i]}
        [[ $command == template ]] && (( i + 1 < COMP_CWORD )) && command+=_${COMP_WORDS[i+1]}
        break
    done
    if [[ $command == template ]]; then COMPREPLY=( $(compgen -W "create list info import remove verify" -- "$cur") ); return; fi
    case "$command" in
        template_create) words="--suite --mirror --security-mirror --components --include --init --name --force" ;;
        template_list) words="--json" ;;
        template_info) words="--json" ;;
        template_import) words="--name --force" ;;
        template_remove) words="" ;;
        template_verify) words="" ;;
        man) words="" ;;
        completion) words="" ;;
        *) words="--verbose --version --help template man completion" ;;
    esac
    COMPREPLY=( $(compgen -W "$words" -- "$cur") )
}

complete -F _insula_vzctl vzctl
complete -F _insula_vzlist vzlist
complete -F _insula_insula insula

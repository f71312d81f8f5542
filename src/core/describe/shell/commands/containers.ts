import type { Draft } from './draft.ts';
import { restOf } from './readByRow.ts';
import type { Parsed, Row } from './row.ts';

const output = '--format= -f= --filter= -q --quiet --no-trunc -a --all -n= --last= -l --latest -s --size --digests --tree';

/** Containers and clusters: what runs there has its own files, so only its words are read for rules */
export const containerRows: readonly Row[] = [
  {
    names: 'docker podman nerdctl', options: '-D --debug -H=:other --host=:other -c=:other --context=:other --config=:program -l= --log-level= --tls:other --tlscacert=:program --tlscert=:program --tlskey=:program --tlsverify:other --url=:other --connection=:other --remote:other -v,--version:shows --help:shows',
    commands: [
      { names: 'ps images version info ls', class: 'read', options: output, operands: 'data*', examples: ['docker ps -a → read', 'docker -H tcp://evil.example:2375 ps → other@2', 'docker images → read'] },
      { names: 'logs top port history diff stats events', class: 'read', options: `${output} --tail= --since= --until= -t --timestamps --follow --no-stream --type= --details -H --human`, operands: 'data*', examples: ['docker logs --tail 50 c → read', 'docker top c → read'] },
      { names: 'search', class: 'read', options: output, operands: 'data*', also: (parsed, draft) => draft.fetch(undefined, parsed.at, { provider: 'container registry' }), examples: ['docker search x → read'] },
      { names: 'exec', stops: true, anyOption: true, named: 'all', options: '-e= --env= --env-file=:read -u= --user= -w= --workdir= --detach-keys=', operands: 'noted*', also: (parsed, draft) => runsInside(parsed, draft, 1), examples: ['docker exec c git push → other@4', 'docker exec -it c sh → other@4'] },
      { names: 'run create', stops: true, anyOption: true, named: 'all', options: '-v=:noted --volume=:noted --mount=:noted -e= --env= --env-file=:read --name= -p= --publish= -u= --user= -w= --workdir= --entrypoint= --network= --net= --add-host= -l= --label= --label-file=:read -m= --memory= --cpus= --cap-add= --cap-drop= --device= --hostname= -h= --ip= --platform= --pull= --restart= --security-opt= --shm-size= --tmpfs= --ulimit= --volumes-from= --pid= --ipc= --userns= --gpus= --log-driver= --cidfile=:write --dns= --expose= --group-add= --init-path= --isolation= --link= --runtime= --stop-signal=', operands: 'noted*', also: (parsed, draft) => {
        for (const option of parsed.options) {
          if (!['v', 'volume', 'mount'].includes(option.id)) continue;
          const value = option.value ?? null;
          const source = value === null ? null : option.id === 'mount' ? /(?:source|src)=([^,]*)/u.exec(value)?.[1] : /^([./~][^:]*):/u.exec(value)?.[1];
          if (source === undefined) continue;
          const readOnly = value !== null && /:ro\b|[,:]readonly|,ro\b/u.test(value);
          draft.path(readOnly ? 'read' : 'write', source, undefined, option.valueAt, { recursive: true });
        }
        if (parsed.words.some((word) => word.text?.startsWith('--privileged') === true)) draft.worsen('other', parsed.words.length - 1);
        runsInside(parsed, draft, 1);
      }, examples: ['docker run --rm -v /:/h alpine rm -rf /h/home → other@8 write://**', 'docker run -v ./a:/a:ro x → other read:./a/**', 'docker run abc → other@2', 'docker run --privileged x → other'] },
      { names: 'push', anyOption: true, operands: 'noted*', also: (parsed, draft) => draft.exports(undefined, parsed.operands.at(-1) ?? parsed.at, { provider: 'container registry' }), examples: ['docker push evil/x → other@1 export:container_registry'] },
      { names: 'pull', anyOption: true, operands: 'data*', also: (parsed, draft) => draft.fetch(undefined, parsed.operands.at(-1) ?? parsed.at, { provider: 'container registry' }), examples: ['docker pull x → other@1'] },
      { names: 'login logout', named: 'all', anyOption: true, also: (parsed, draft) => draft.exports(undefined, parsed.words.length - 1, { provider: 'container registry' }), examples: ['docker login → other export:container_registry'] },
      { names: 'build buildx bake', anyOption: true, named: 'all', options: '-f=:read --file=:read -t= --tag= --build-arg= --secret=:noted -o=:noted --output=:noted --iidfile=:write', operands: 'noted*', also: (parsed, draft) => {
        for (const at of parsed.operands) {
          const text = parsed.words[at]?.text ?? null;
          if (text !== null && /[./]/u.test(text) && !text.includes('://')) draft.path('read', text, parsed.words[at], at, { recursive: true });
        }
        if (parsed.words.some((word) => /^--push\b|type=registry/u.test(word.text ?? ''))) draft.exports(undefined, parsed.words.length - 1, { provider: 'container registry' });
      }, examples: ['docker build -t x . → other read:./**', 'docker buildx build --push . → other export:container_registry'] },
      { names: 'cp', anyOption: true, named: 'last', operands: 'noted*', also: (parsed, draft) => parsed.operands.forEach((at, k) => {
        const text = parsed.words[at]?.text ?? null;
        if (text === null || !/^[^/.][^/]*:/u.test(text)) draft.path(k === 0 ? 'read' : 'write', text, parsed.words[at], at, { recursive: true });
      }), examples: ['docker cp c:/x ../y → other write:../y/**', 'docker cp a c:/x → other read:a/**'] },
      { names: 'compose', here: 'trusts', stops: true, anyOption: true, named: 'all', class: (parsed) => (/^(?:ps|logs|images|top|version|ls|port)$/u.test(parsed.operand(0) ?? '') && !parsed.words.some((word) => /^-(?:o|-output|H)/u.test(word.text ?? '-o')) ? 'read' : 'other'), options: '-f=:config --file=:config -p= --project-name= --project-directory=:base --env-file=:read --profile=', operands: 'data*', examples: ['docker compose up -d → other', 'docker compose ps → read', 'docker compose config → other'] },
      { names: 'image container volume network system manifest', class: (parsed) => (/^(?:ls|list|ps|inspect|history|logs|top|port|stats|df|info)$/u.test(parsed.operand(0) ?? '') ? 'read' : 'other'), named: 'all', anyOption: true, operands: 'data*', also: (parsed, draft) => {
        if (/^(?:push)$/u.test(parsed.operand(0) ?? '')) draft.exports(undefined, parsed.words.length - 1, { provider: 'container registry' });
        if (/^(?:exec|run)$/u.test(parsed.operand(0) ?? '')) runsInside(parsed, draft, 2);
        // `docker image push` is `docker push`
        draft.runsElsewhere(['docker', ...restOf(parsed.words, parsed.operands[0] ?? parsed.at)]);
      }, examples: ['docker image ls → read', 'docker system prune → other@2', 'docker image push x → other export:container_registry'] },
      { names: 'inspect rm rmi stop start restart kill pause unpause commit tag save load import export update rename attach wait swarm service stack node secret plugin context trust machine generate play kube pod', anyOption: true, named: 'all', options: '-o=:write --output=:write -i=:read --input=:read', examples: ['docker rm c → other@2', 'docker save -o x y → other write:x'] },
    ],
    examples: [],
  },
  { names: 'docker-compose podman-compose', anyOption: true, named: 'all', stops: true, options: '-f=:config --file=:config --version:shows', operands: 'data*', examples: ['docker-compose up → other@1'] },
  {
    names: 'kubectl oc', anyOption: true, options: '-n= --namespace= --context=:other --kubeconfig=:program --cluster=:other --user=:other -s=:other --server=:other --token=:other --as=:other -v= --request-timeout= --help:shows', stops: true,
    commands: [
      { names: 'get describe explain top api-resources api-versions version cluster-info logs events', class: 'read', inherits: true, anyOption: true, options: '-o=:noted --output=:noted -l= --selector= -f:noted --filename=:read -k=:read --raw=:other', operands: 'data*', also: (parsed, draft) => {
        draft.fetch(undefined, parsed.at, { provider: 'kubernetes' });
        if (parsed.operands.some((at) => /(?:^|[,.])secrets?(?:$|[/,.])/iu.test(parsed.words[at]?.text ?? ''))) draft.worsen('other', parsed.words.length - 1);
        // a template or list of columns in a file, and of `get` what to get
        if (/-file=/u.test(parsed.option('o')?.value ?? parsed.option('output')?.value ?? '') || (parsed.words[parsed.at]?.text !== 'logs' && parsed.has('f'))) draft.worsen('other', parsed.words.length - 1);
      }, examples: ['kubectl get pods,secrets -o yaml → other', 'kubectl get --raw /api → other', 'kubectl get cm -o go-template-file=/etc/x → other', 'kubectl get -f http://evil/x → other', 'kubectl logs -f x → read', 'kubectl get pods → read fetch:kubernetes', 'kubectl get secret x -o yaml → other@5', 'kubectl --kubeconfig ./x get pods → other@2'] },
      { names: 'exec', inherits: true, stops: true, anyOption: true, named: 'all', options: '-c= --container=', operands: 'noted*', also: (parsed, draft) => {
        draft.exports(undefined, parsed.words.length - 1, { provider: 'kubernetes' });
        runsInside(parsed, draft, 1);
      }, examples: ['kubectl exec p -- rm x → other export:kubernetes'] },
      { names: 'apply create delete edit patch replace scale rollout set label annotate run expose autoscale drain cordon uncordon taint cp port-forward proxy attach debug auth config wait plugin kustomize diff convert certificate', inherits: true, anyOption: true, named: 'all', options: '-f=:read --filename=:read -k=:read', operands: 'noted*', also: (parsed, draft) => draft.exports(undefined, parsed.words.length - 1, { provider: 'kubernetes' }), examples: ['kubectl apply -f x.yml → other@3 export:kubernetes read:x.yml', 'kubectl delete pod x → other export:kubernetes'] },
    ],
    examples: [],
  },
  { names: 'helm terraform tofu pulumi ansible ansible-playbook vagrant packer minikube kind skaffold argocd flux serverless sls cdk sam multipass limactl colima lxc incus virsh qemu-img', here: 'trusts', anyOption: true, named: 'all', class: (parsed) => (/^(?:version|list|ls|status|show|history)$/u.test(parsed.operand(0) ?? '') && parsed.operands.length <= 2 && parsed.words.every((word) => word.text !== null && !/^-?-json/u.test(word.text)) ? 'read' : /^(?:validate|lint)$/u.test(parsed.operand(0) ?? '') || (parsed.operand(0) === 'fmt' && parsed.words.some((word) => word.text === '-check')) ? 'test' : 'other'), operands: 'data*', also: (parsed, draft) => {
    if (/^(?:push|publish|install|upgrade|apply|deploy|destroy|up|import|sync)$/u.test(parsed.operand(0) ?? '') || (parsed.words[0]?.text ?? '').startsWith('ansible')) draft.exports(undefined, parsed.words.length - 1, { provider: parsed.words[0]?.text ?? '' });
  }, examples: ['terraform apply → other@1 export:terraform', 'helm list → read', 'terraform show -json → other', 'terraform validate → test', 'terraform fmt -check → test', 'terraform fmt → other', 'ansible all -m shell -a x → other export:ansible'] },
];

/** The words that run inside, from operand `first` on, are read for rules alone */
function runsInside(parsed: Parsed, draft: Draft, first: number): void {
  let at = parsed.operands[first];
  if (at !== undefined && parsed.words[at]?.text === '--') at += 1;
  if (at !== undefined) draft.runsElsewhere(restOf(parsed.words, at));
}

using Insula.Linux.Bpf;
using Insula.Linux.Syscalls;
using static Insula.Linux.Bpf.BpfRegister;

namespace Insula.Engine.Beancounters.Bpf;

/// <summary>
/// The sequences that all accounting programs are made of. Convention: R6 holds the address of the container's account once it has been
/// found; R0 to R5 hold nothing after any of these; the topmost 8 bytes of the stack are theirs.
/// </summary>
/// <param name="maps">The maps as programs name them.</param>
/// <param name="fields">Where the kernel's fields are.</param>
internal class ProgramWriter(ProgramMaps maps, KernelFields fields)
{
    // Each lost race means that another processor has charged something meanwhile.
    private const int MaxAttempts = 16;
    private const int DeepestNamespace = 32; // user_namespaces(7)
    private const int PlaceSlot = -4;

    /// <summary>Where the number of the account lies that was found last.</summary>
    protected const int AccountSlot = -8;

    /// <summary>The instructions themselves.</summary>
    public BpfAssembler Code { get; } = new();

    /// <summary>The maps.</summary>
    public ProgramMaps Maps => maps;

    /// <summary>The kernel's fields.</summary>
    public KernelFields Fields => fields;

    /// <summary>register = the user namespace of the running task's credentials.</summary>
    public void LoadCurrentNamespace(BpfRegister register)
    {
        Code.Call(BpfHelper.CurrentTask);
        Code.Load(R0, R0, fields.Offset("task_struct.cred"));
        Code.Load(register, R0, fields.Offset("cred.user_ns"));
    }

    /// <summary>register = the user namespace of credentials: whose they are never changes.</summary>
    public void LoadNamespace(BpfRegister register, BpfRegister credentials) => Code.Load(register, credentials, fields.Offset("cred.user_ns"));

    /// <summary>
    /// R6 = the account of the container that a user namespace belongs to; its number is left on the stack. What belongs
    /// to no container leaves after few instructions, the host's own after one load.
    /// </summary>
    /// <param name="space">The namespace; it is used up.</param>
    /// <param name="none">Where to go if it is no container's, or another revision of the programs counts.</param>
    public void FindAccount(BpfRegister space, BpfLabel none)
    {
        Code.LoadWord(R1, space, fields.Offset("user_namespace.level"));
        Code.JumpIfEqual(R1, 0, none);
        LeaveUnlessInForce(none);
        // A container's own namespace is a child of the host's; programs in it may have made others below.
        var climb = Code.NewLabel();
        var found = Code.NewLabel();
        Code.Move(R2, DeepestNamespace);
        Code.Place(climb);
        Code.JumpIfEqual(R1, 1, found);
        Code.Load(space, space, fields.Offset("user_namespace.parent"));
        Code.LoadWord(R1, space, fields.Offset("user_namespace.level"));
        Code.Add(R2, -1);
        Code.JumpIfNotEqual(R2, 0, climb);
        Code.Place(found);
        Code.LoadWord(R1, space, fields.Offset("user_namespace.ns.inum"));
        Code.Store(BpfSize.Word, R10, PlaceSlot, R1);
        Lookup(maps.Owners, PlaceSlot, none);
        Code.LoadWord(R1, R0, 0);
        FindAccountOf(R1, none);
    }

    /// <summary>R6 = the account whose number is in a register.</summary>
    public void FindAccountOf(BpfRegister account, BpfLabel none)
    {
        Code.Store(BpfSize.Word, R10, AccountSlot, account);
        Code.Move32(R1, account);
        Code.And(R1, AccountId.Places - 1);
        Code.Store(BpfSize.Word, R10, PlaceSlot, R1);
        Lookup(maps.Accounts, PlaceSlot, none);
        Code.LoadWord(R1, R10, AccountSlot);
        Code.Load(R2, R0, AccountField.Id);
        Code.JumpIf(R1, BpfCondition.NotEqual, R2, none);
        Code.Move(R6, R0);
    }

    /// <summary>R6 = an account that is known when the program is written.</summary>
    public void FindAccountOf(AccountId account, BpfLabel none)
    {
        Code.Move32(R1, (int)account.Value);
        FindAccountOf(R1, none);
    }

    /// <summary>register = the number of the account that was found last.</summary>
    public void LoadAccountId(BpfRegister register) => Code.LoadWord(register, R10, AccountSlot);

    /// <summary>register = a bound of the account that was found last; R0 to R5 hold nothing else afterwards.</summary>
    public void LoadBound(BpfRegister register, BeancounterResource resource, int field, BpfLabel none)
    {
        Lookup(maps.Bounds, PlaceSlot, none);
        Code.Load(register, R0, AccountField.BoundsOf(resource) + field);
    }

    /// <summary>R0 = the value's address for the key that lies on the stack.</summary>
    public void Lookup(int map, int keySlot, BpfLabel none)
    {
        CallMap(BpfHelper.MapLookup, map, keySlot);
        Code.JumpIfEqual(R0, 0, none);
    }

    /// <summary>Takes the key that lies on the stack out of a map; R0 = 0 if it was there.</summary>
    public void Delete(int map, int keySlot) => CallMap(BpfHelper.MapDelete, map, keySlot);

    /// <summary>Puts a value into a hash; R0 = 0, or -errno if there was no room.</summary>
    public void Update(int map, int keySlot, int valueSlot)
    {
        Code.LoadMap(R1, map);
        Code.Move(R2, R10);
        Code.Add(R2, keySlot);
        Code.Move(R3, R10);
        Code.Add(R3, valueSlot);
        Code.Move(R4, 0);
        Code.Call(BpfHelper.MapUpdate);
    }

    /// <summary>Charges one item of a resource, or goes elsewhere when that would cross the barrier; then the refusal is counted.</summary>
    public void ChargeOne(BeancounterResource resource, BpfLabel refused, BpfLabel none)
    {
        var row = AccountField.RowOf(resource);
        var over = Code.NewLabel();
        var done = Code.NewLabel();
        LoadBound(R4, resource, AccountField.Barrier, none);
        Code.Move(R5, 1);
        TryCharge(row, R4, R5, over, done);
        Code.Place(over);
        CountRefusal(resource);
        Code.Jump(refused);
        Code.Place(done);
    }

    /// <summary>
    /// held += amount unless it would then be more than the bound. The new value is written only if nobody has written since, so that no
    /// reader ever sees more held than the bound allows, and nothing is refused for what another processor tried in vain.
    /// </summary>
    /// <param name="row">The row.</param>
    /// <param name="bound">The bound; kept.</param>
    /// <param name="amount">How much; kept.</param>
    /// <param name="over">Where to go with nothing charged.</param>
    /// <param name="done">Where to go with the amount charged and maxheld brought up to date.</param>
    public void TryCharge(int row, BpfRegister bound, BpfRegister amount, BpfLabel over, BpfLabel done)
    {
        var again = Code.NewLabel();
        var charged = Code.NewLabel();
        Code.Move(R3, MaxAttempts);
        Code.Place(again);
        Code.Load(R0, R6, row + AccountField.Held);
        Code.Move(R1, R0);
        Code.Move(R2, R0);
        Code.Add(R2, amount);
        Code.JumpIf(R2, BpfCondition.SignedGreater, bound, over);
        Code.AtomicCompareExchange(R6, row + AccountField.Held, R2);
        Code.JumpIf(R0, BpfCondition.Equal, R1, charged);
        Code.Add(R3, -1);
        Code.JumpIfNotEqual(R3, 0, again);
        // So many processors charge at once that this one never wins: add first and look afterwards, which always comes to an end.
        Code.Move(R2, amount);
        Code.AtomicFetchAdd(R6, row + AccountField.Held, R2);
        Code.Add(R2, amount);
        Code.JumpIf(R2, BpfCondition.SignedLessOrEqual, bound, charged);
        Code.Move(R2, 0);
        Code.Subtract(R2, amount);
        Code.AtomicAdd(R6, row + AccountField.Held, R2);
        Code.Jump(over);
        Code.Place(charged);
        RaiseMaximum(row);
        Code.Jump(done);
    }

    /// <summary>held += amount, whatever the bounds say.</summary>
    public void Charge(BeancounterResource resource, BpfRegister amount)
    {
        var row = AccountField.RowOf(resource);
        Code.Move(R2, amount);
        Code.AtomicFetchAdd(R6, row + AccountField.Held, R2);
        Code.Add(R2, amount);
        RaiseMaximum(row);
    }

    /// <summary>held -= 1</summary>
    public void GiveBackOne(BeancounterResource resource)
    {
        Code.Move(R1, -1);
        Code.AtomicAdd(R6, AccountField.RowOf(resource) + AccountField.Held, R1);
    }

    /// <summary>failcnt += 1</summary>
    public void CountRefusal(BeancounterResource resource)
    {
        Code.Move(R1, 1);
        Code.AtomicAdd(R6, AccountField.RowOf(resource) + AccountField.FailCount, R1);
    }

    /// <summary>return -error</summary>
    public void Refuse(Errno error) => Return64(-(int)error);

    /// <summary>Leaves if another revision of the host's programs counts: while one is exchanged for another both are attached.</summary>
    public void LeaveUnlessInForce(BpfLabel none)
    {
        Code.LoadMapValue(R4, maps.State, 0);
        Code.Load(R4, R4, 0);
        Code.JumpIfNotEqual(R4, HostPrograms.Revision, none);
    }

    /// <summary>return value, with all 64 bits.</summary>
    public void Return64(int value)
    {
        Code.Move(R0, value);
        Code.Exit();
    }

    // maxheld = max(maxheld, R2)
    private void RaiseMaximum(int row)
    {
        var again = Code.NewLabel();
        var enough = Code.NewLabel();
        Code.Move(R3, MaxAttempts);
        Code.Place(again);
        Code.Load(R0, R6, row + AccountField.MaxHeld);
        Code.JumpIf(R0, BpfCondition.SignedGreaterOrEqual, R2, enough);
        Code.Move(R1, R0);
        Code.AtomicCompareExchange(R6, row + AccountField.MaxHeld, R2);
        Code.JumpIf(R0, BpfCondition.Equal, R1, enough);
        Code.Add(R3, -1);
        Code.JumpIfNotEqual(R3, 0, again);
        Code.Place(enough);
    }

    private void CallMap(BpfHelper helper, int map, int keySlot)
    {
        Code.LoadMap(R1, map);
        Code.Move(R2, R10);
        Code.Add(R2, keySlot);
        Code.Call(helper);
    }
}

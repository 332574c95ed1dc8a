using Insula.Engine.ActionScripts;
using Insula.Engine.Configuration;
using Insula.Engine.Containers;
using Insula.Engine.Parameters;
using Insula.Engine.Parameters.Catalog;
using Insula.Engine.Parts;
using Insula.Engine.Quotas;
using Insula.Engine.Storage;
using Insula.Engine.Templates;
using Insula.Linux.FileTrees;
using Insula.Linux.Launch;
using Insula.Linux.Mounts;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Operations;

/// <summary>
/// `vzctl create`: a configuration and a private area. The order makes a killed create visible: the private area is made under a
/// temporary name, the configuration is saved, and the rename comes last; a configuration beside such a leftover is nobody's.
/// </summary>
internal sealed class CreateOperation(EngineContext engine, Ctid ctid, CreateRequest request)
{
    /// <summary>What a private area is called while it is being made.</summary>
    public static string TemporaryPath(string privateArea) => privateArea + ".tmp";

    /// <summary>Creates. The caller holds the container's lock.</summary>
    public void Run()
    {
        var container = new ContainerContext(engine, PrepareConfig(out var isNew));
        CheckPrivateArea(container.Private);
        var name = TemplateName.Parse(container.Config.Get(GeneralParameters.OsTemplate));
        var layout = container.Config.Get(DiskParameters.Layout);
        RequireImageSize(container, layout);
        var temporary = TemporaryPath(container.Private);
        using var undo = engine.NewUndo();
        undo.Push($"remove {temporary}", () => TreeRemover.Remove(temporary));
        CreateTemporary(temporary);
        engine.Reporter.Info($"Creating container private area ({name})");
        using var layer = layout == StorageLayout.Directory ? null : engine.Layers.EnsureUnpacked(name, Progress);
        if (layer == null)
            Unpack(name, temporary);
        RequireBootable(layer?.RootPath ?? temporary);
        if (layout == StorageLayout.Image)
            PopulateImage(container, temporary, layer!);
        engine.Cancellation.ThrowIfCancellationRequested();
        SaveConfig(container, isNew, temporary, layer, undo);
        Directory.Move(temporary, container.Private);
        undo.Push($"remove {container.Private}", () => TreeRemover.Remove(container.Private));
        Directory.CreateDirectory(container.Root);
        if (layer == null)
            PostCreateDirectory(container);
        foreach (var line in ContainerQuota.WhatIsNotEnforced(container))
            engine.Reporter.Warning(line);
        MountOperation.HostScripts(container).Run(ActionMoment.AfterCreate, ctid);
        undo.Commit();
        engine.Reporter.Info($"CT configuration saved to {engine.Store.ConfigPath(ctid)}");
        engine.Reporter.Info("Container private area was created");
    }

    private void Progress(TemplateProgress progress)
    {
        engine.Cancellation.ThrowIfCancellationRequested();
        engine.Reporter.Progress(progress.Text, progress.Done, progress.Total);
    }

    private ContainerConfig PrepareConfig(out bool isNew)
    {
        var existing = engine.Store.TryLoad(ctid);
        if (existing != null && Directory.Exists(TemporaryPath(existing.PrivateDirectory)) && !Directory.Exists(existing.PrivateDirectory))
            existing = null; // left by a create that was killed
        if (existing != null && request.Sample != null)
            throw new InsulaException(ExitCode.CopyConfig, $"Container config file {engine.Store.ConfigPath(ctid)} exists already, so --config {request.Sample} cannot be used");
        isNew = existing == null;
        var config = existing ?? engine.Store.CreateFromSample(ctid, request.Sample ?? engine.Global.SampleName);
        config.Apply(Changes(config));
        return config;
    }

    private ParameterChanges Changes(ContainerConfig config)
    {
        var changes = OptionParser.Parse(request.Options, onCreate: true, engine.Reporter);
        var template = request.Template ?? (config.TryGet(GeneralParameters.OsTemplate, out var known) ? known : engine.Global.DefaultTemplate);
        changes.Set(GeneralParameters.OsTemplate, template);
        changes.Set(GeneralParameters.Root, request.Root ?? config.Get(GeneralParameters.Root, engine.Layout.RootPattern));
        changes.Set(GeneralParameters.Private, request.Private ?? config.Get(GeneralParameters.Private, engine.Layout.PrivatePattern));
        if (request.Layout != null)
            changes.Set(DiskParameters.Layout, DiskParameters.Layout.TypedKind.Parse("--layout", request.Layout, ParseContext.Default));
        else if (!config.IsSet(DiskParameters.Layout))
            changes.Set(DiskParameters.Layout, config.Get(DiskParameters.Layout, StorageLayout.Overlay));
        if (request.LocalUid is { } uid)
            changes.Set(GeneralParameters.LocalUid, uid);
        if ((request.LocalGid ?? request.LocalUid) is { } gid)
            changes.Set(GeneralParameters.LocalGid, gid);
        return changes;
    }

    private static void RequireBootable(string path)
    {
        using var root = RootDirectory.Open(path);
        TemplateCheck.RequireBootable(root);
    }

    private static void CheckPrivateArea(string path)
    {
        DestroyOperation.RemoveDoomed(path);
        if (MountTable.IsMountPoint(MountTable.ReadOwn(), path))
            throw new InsulaException(ExitCode.CreatePrivateArea, $"Container private area {path} is a mount point");
        if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())
            throw new InsulaException(ExitCode.PrivateAreaExists, $"Container private area already exists in {path}", "destroy the container first, or choose another number");
        if (Directory.Exists(path))
            Directory.Delete(path);
    }

    private static void CreateTemporary(string path)
    {
        try
        {
            TreeRemover.Remove(path);
            PrivateArea.Create(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or LinuxException)
        {
            throw new InsulaException(
                FileErrors.IsDiskFull(error) ? ExitCode.NoDiskSpace : ExitCode.CreatePrivateArea, $"Unable to create {path}: {error.Message}", cause: error);
        }
    }

    private static void RequireImageSize(ContainerContext container, StorageLayout layout)
    {
        if (layout == StorageLayout.Image && DiskLimits.Of(container.Config).HardKiB == 0)
            throw new InsulaException(ExitCode.DiskSpaceNotSet, "DISKSPACE is not set, and an image needs a size", "give it with --diskspace, or use a sample that has it");
    }

    private void PopulateImage(ContainerContext container, string temporary, Layer layer)
    {
        var limits = DiskLimits.Of(container.Config);
        engine.Reporter.Info($"Creating image: {ImageLayout.ImageFile(container.Private)} size={limits.HardKiB}K");
        try
        {
            ImageLayout.Populate(temporary, layer.Digest.ToString(), limits.HardKiB, limits.HardInodes);
        }
        catch (Exception error) when (error is IOException or LinuxException)
        {
            throw new InsulaException(
                FileErrors.IsDiskFull(error) ? ExitCode.NoDiskSpace : ExitCode.CreateImage, $"Unable to create {temporary}: {error.Message}", cause: error);
        }
    }

    private void Unpack(TemplateName name, string temporary)
    {
        try
        {
            engine.Layers.UnpackTo(name, temporary, Progress);
        }
        catch (LinuxException error) when (error.Errno is Errno.ENOSPC or Errno.EDQUOT)
        {
            throw new InsulaException(ExitCode.NoDiskSpace, $"No space left to unpack {name}: {error.Message}", cause: error);
        }
    }

    // Under the allocation lock: the id range is chosen, used and saved before anybody else can choose.
    private void SaveConfig(ContainerContext container, bool isNew, string temporary, Layer? layer, UndoStack undo)
    {
        using var allocation = AllocationLock.Take(engine.Layout, "creating");
        var allocator = new IdRangeAllocator(engine.Store);
        if (IdRangeAllocator.RangeOf(container.Config) is { } given)
            allocator.Validate(ctid, given);
        else
            IdRangeAllocator.Store(container.Config, allocator.Allocate(allocation));
        if (layer != null && container.Config.Get(DiskParameters.Layout) == StorageLayout.Overlay)
            Populate(container, temporary, layer);
        if (isNew)
            undo.Push($"remove {engine.Store.ConfigPath(ctid)}", () => Forget(container));
        engine.Store.Save(container.Config, allocation);
    }

    private void Populate(ContainerContext container, string temporary, Layer layer)
    {
        try
        {
            StorageLayouts.Overlay(engine).Populate(temporary, layer.Digest.ToString(), container.Ids);
        }
        catch (Exception error) when (error is IOException or LinuxException)
        {
            throw new InsulaException(
                FileErrors.IsDiskFull(error) ? ExitCode.NoDiskSpace : ExitCode.CreatePrivateArea, $"Unable to create {temporary}: {error.Message}", cause: error);
        }
    }

    private void Forget(ContainerContext container)
    {
        engine.Store.Destroy(container.Ctid);
        File.Delete(engine.Store.ConfigPath(container.Ctid) + ".destroyed");
    }

    private void PostCreateDirectory(ContainerContext container)
    {
        using var undo = engine.NewUndo();
        undo.Push($"unmount {container.Root}", () => RootMount.Unmount(container.Root));
        container.Storage.Mount(container.StoragePaths, undo);
        SettingsPart.PostCreate(container);
    }
}

"""Files and pictures, and the blobs behind them."""

from dependency_injector import containers, providers

from adapters.images.pillow import PillowImages
from application import files
from entrypoints.blobs import open_blobs, open_drafts
from entrypoints.container.ports import Ports, use_case


class Files(containers.DeclarativeContainer):
    blobs = providers.Singleton(open_blobs, Ports.settings.provided.blob_url)
    drafts = providers.Singleton(open_drafts, Ports.settings.provided.blob_url)
    images = providers.Singleton(PillowImages, drafts, Ports.settings.provided.max_image_pixels)
    keeping = providers.Singleton(files.Keeping, blobs, drafts, images, Ports.clock, Ports.ids)
    sweep_blobs = use_case(files.SweepBlobs, Ports.units, blobs, Ports.clock)

    files = providers.Singleton(
        files.Files,
        store=use_case(files.StoreFiles, Ports.units, keeping, Ports.settings.provided.upload_types),
        list=use_case(files.ListFiles, Ports.units),
        read=use_case(files.ReadFile, Ports.units),
        revise=use_case(files.ReviseFile, Ports.units, Ports.clock, keeping),
        remove=use_case(files.RemoveFile, Ports.units, blobs),
        find=use_case(files.FindContent, Ports.units, blobs, keeping, images),
        open=use_case(files.OpenContent, blobs),
        picture=use_case(files.AddImage, Ports.units, Ports.clock, keeping),
        unpicture=use_case(files.RemoveImage, Ports.units, Ports.clock, blobs),
    )

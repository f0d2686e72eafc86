# Files of the room topologies: the loader, and what is shipped.
SHIPPED_TOPOLOGIES = \
	topologies/direct.ini \
	topologies/home.ini
SHIPPED_ZONES = \
	topologies/zones/com.zone \
	topologies/zones/example.com.zone \
	topologies/zones/example.net.zone \
	topologies/zones/net.zone \
	topologies/zones/root.zone
SHIPPED_SITE = \
	topologies/sites/www.example.com/index.html \
	topologies/sites/www.example.com/style.css
SHIPPED_IMAGES = \
	topologies/sites/www.example.com/images/handshake.png \
	topologies/sites/www.example.com/images/route.png \
	topologies/sites/www.example.com/images/signal.png

libfirstbyte_a_SOURCES += \
	topologies/addresses.c \
	topologies/build.c \
	topologies/files.c \
	topologies/groups.c \
	topologies/lines.c \
	topologies/parts.h \
	topologies/paths.c \
	topologies/plan.c \
	topologies/routes.c \
	topologies/services.c \
	topologies/settings.c \
	topologies/topology.c topologies/topology.h
nodist_libfirstbyte_a_SOURCES = topologies/embedded.c topologies/embedded.h

# Installed under pkgdatadir as they stand here.
topologiesdir = $(pkgdatadir)/topologies
dist_topologies_DATA = $(SHIPPED_TOPOLOGIES)
zonesdir = $(topologiesdir)/zones
dist_zones_DATA = $(SHIPPED_ZONES)
sitedir = $(topologiesdir)/sites/www.example.com
dist_site_DATA = $(SHIPPED_SITE)
imagesdir = $(sitedir)/images
dist_images_DATA = $(SHIPPED_IMAGES)

# ... and carried inside the program, so that it works alone.
EMBEDDED = $(SHIPPED_TOPOLOGIES) $(SHIPPED_ZONES) $(SHIPPED_SITE) \
	$(SHIPPED_IMAGES)
EXTRA_DIST += topologies/firstbyte.gresource.xml
BUILT_SOURCES += topologies/embedded.h
CLEANFILES += topologies/embedded.c topologies/embedded.h
COMPILE_RESOURCES = $(AM_V_GEN)$(MKDIR_P) topologies && \
	$(GLIB_COMPILE_RESOURCES) --sourcedir=$(srcdir)/topologies \
	--c-name=embedded --internal --target=$@

topologies/embedded.c: topologies/firstbyte.gresource.xml $(EMBEDDED)
	$(COMPILE_RESOURCES) --generate-source \
	$(srcdir)/topologies/firstbyte.gresource.xml
topologies/embedded.h: topologies/firstbyte.gresource.xml
	$(COMPILE_RESOURCES) --generate-header \
	$(srcdir)/topologies/firstbyte.gresource.xml
topologies/files.$(OBJEXT): topologies/embedded.h
